"""Judges a stream of comments on its own, as the service would, without network or database."""

import argparse
import gc
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TextIO

from moderator.checks import LOCAL
from moderator.commands import options
from moderator.commands.json_rows import read_rows
from moderator.commands.progress import shown
from moderator.domain.finding import Finding
from moderator.domain.policy import Mode, Policy
from moderator.domain.rule import Rule
from moderator.domain.site import Site
from moderator.domain.submission import Author, Format, Kind, Post, Submission
from moderator.domain.text.markup import plain
from moderator.domain.timing.dates import read_date
from moderator.domain.verdict import Verdict
from moderator.intake import kinds
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import load, shared_model
from moderator.judgement.training.measures import Row
from moderator.usecases.offline.stream import Stream, StreamVerdict
from moderator.usecases.rules.rules_file import read_rules

NAME = "judge"
HELP = "judge comments from standard input (JSON lines), without network"
EVERYTHING, HELD = "everything", "held"  # what a row's label may teach
BATCH = 500
START = datetime(2000, 1, 1, tzinfo=UTC)  # of a stream without dates
STEP = timedelta(seconds=1)
COLLECTED = 20_000  # objects after which garbage is looked for: there is next to none
COPY_CODES = frozenset({"said_before", "suspected_spam", "known_spam", "thrown_away"})


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", default="stream", help="name of the site they are for")
    parser.add_argument("--model", default="", help="another model file")
    parser.add_argument("--batch", type=int, default=BATCH, help="comments that are judged at once")
    parser.add_argument("--lang", default="", metavar="LANGS", help="the site's languages: de,en")
    parser.add_argument("--mode", choices=list(Mode), default=Mode.USUAL, help="the site's mode")
    parser.add_argument(
        "--rules", default="", metavar="FILE", help="the site's rules: a JSON object a line"
    )
    parser.add_argument(
        "--learn",
        nargs="?",
        const=EVERYTHING,
        choices=(EVERYTHING, HELD),
        help="after each verdict, a row's label counts as a moderator's decision;"
        " held: only that of a row which is held, and what is approved is published",
    )


def run(arguments: argparse.Namespace) -> int:
    gc.set_threshold(COLLECTED)
    model = load(Path(arguments.model)) if arguments.model else shared_model()
    site = Site(
        id=arguments.site,
        name=arguments.site,
        url="",
        hosts=frozenset(),
        policy=Policy(mode=Mode(arguments.mode)),
        langs=options.langs("--lang", arguments.lang),
        rules=rules_of(arguments.rules, arguments.site),
    )
    learner = StreamLearner(model)
    stream = Stream(site, LOCAL, MemoryNearIndex(), Scorer(model, learner.layer_of))
    rows = read(sys.stdin)
    if arguments.learn:
        lines = taught(stream, site, rows, learner, held_only=arguments.learn == HELD)
    else:
        lines = answers(stream, site, rows, arguments.batch)
    for line in shown(lines, "comments judged"):
        sys.stdout.write(line + "\n")
    return 0


def rules_of(path: str, site_id: str) -> tuple[Rule, ...]:
    """Raises InvalidError."""
    return read_rules(options.text("--rules", path), site_id, START) if path else ()


def taught(
    stream: Stream,
    site: Site,
    rows: Iterable[Row],
    learner: StreamLearner,
    *,
    held_only: bool = False,
) -> Iterator[str]:
    """One JSON line per row, each judged by what the labels of those before it taught.

    `held_only`: moderators decide what waits for them, and nothing else.
    """
    ids: list[str] = []
    when = None
    for number, row in enumerate(rows):
        ids.append(str(row["id"]))
        when = time_of(row, when)
        each = submission(row, site, number, when)
        (judged,) = stream.judge([each], each.created_at)
        yield json.dumps(answer(row, judged, ids), ensure_ascii=False)
        label = row.get("label")
        is_seen = not held_only or judged.decision.verdict is Verdict.HOLD
        if is_seen and label in ("spam", "ham"):
            verdict = Verdict.SPAM if label == "spam" else Verdict.APPROVE
            stream.learn(each, verdict, each.created_at)
            learner.told(each.text, verdict)


def read(lines: TextIO) -> Iterator[Row]:
    """Rows; one without an id has the number of its place. Raises MalformedError."""
    for number, row in enumerate(read_rows(lines, needs=("text",)), start=1):
        yield row if row.get("id") is not None else {**row, "id": str(number)}


def answers(stream: Stream, site: Site, rows: Iterable[Row], size: int) -> Iterator[str]:
    """One JSON line per row, in order."""
    ids: list[str] = []
    coming = iter(rows)
    when = None
    while batch := list(islice(coming, size)):
        submissions: list[Submission] = []
        for row in batch:
            when = time_of(row, when)
            submissions.append(submission(row, site, len(ids), when))
            ids.append(str(row["id"]))
        everyone = stream.judge(submissions, submissions[-1].created_at)
        for row, judged in zip(batch, everyone, strict=True):
            yield json.dumps(answer(row, judged, ids), ensure_ascii=False)


def time_of(row: Row, before: datetime | None) -> datetime:
    """When a row was written: its date, never before the row before; without one, a second later.

    So the order of the stream is the order of time.
    """
    date = read_date(row.get("date"))
    if before is None:
        return date or START
    return before + STEP if date is None else max(date, before)


def id_of(number: int) -> str:
    return f"{number:032x}"


def submission(row: Row, site: Site, number: int, when: datetime) -> Submission:
    """Read a row; its number is its id, and `lang` is what the site declares."""
    content = str(row["text"])
    name, role = str(row.get("kind") or "comment"), str(row.get("role") or "")
    return Submission(
        id=id_of(number),
        site_id=site.id,
        platform_id=str(number),
        kind=next((kind for kind in kinds() if kind == name), Kind.COMMENT),
        content=content,
        format=Format.HTML,
        text=plain(content, Format.HTML),
        created_at=when,
        received_at=when,
        post=_post(row),
        author=Author(
            name=str(row.get("author") or ""),
            url=str(row.get("url") or ""),
            email=str(row.get("email") or ""),
            ip=str(row.get("ip") or ""),
            role=role,
            is_authenticated=bool(role),
        ),
        parent_id=str(row.get("parent_id") or ""),
        lang=str(row.get("lang") or ""),
    )


def _post(row: Row) -> Post:
    """A row that names no post belongs to the one of its title."""
    title = str(row.get("post_title") or "")
    return Post(id=str(row.get("post") or title), title=title, tags=_tags(row.get("tags")))


def _tags(given: object) -> tuple[str, ...]:
    """A list of words, or words between commas."""
    words = given.split(",") if isinstance(given, str) else given
    return tuple(map(str, words)) if isinstance(words, list) else ()


def answer(row: Row, judged: StreamVerdict, ids: Sequence[str]) -> Row:
    decision = judged.decision
    original = decision.duplicate_of or _same_text(judged.findings)
    return {
        "id": row["id"],
        "score": min(max(decision.score, 0.0), 1.0),
        "verdict": str(decision.verdict),
        "dup_of": ids[int(original, 16)] if original else None,
        "campaign": ids[int(judged.campaign, 16)] if judged.campaign else None,
        "reasons": [
            {"code": reason.code, "text": reason.text, "contribution": reason.contribution}
            for reason in decision.reasons
        ],
    }


def _same_text(findings: Sequence[Finding]) -> str:
    """The earlier comment with the very same words, where that alone is no reason to discard."""
    for finding in findings:
        if finding.code in COPY_CODES or finding.evidence.get("same_words"):
            return str(finding.evidence["similar_to"])
    return ""
