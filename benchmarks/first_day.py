"""`make first-day`: a blog's history is imported (its first half) and its second half is judged.

Beside it the same second half on a new site without the history. Each blog with weights of facts
fitted without its fold; moderators decide what is held, as in `make evaluate`.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.blogs import Blog, blogs, folds, site_of
from benchmarks.fit_facts import FOLDER, named, of_other_folds
from benchmarks.histories import HEAD, LINE
from moderator.checks import local
from moderator.commands.judge import submission, time_of
from moderator.domain.content.facts import Facts
from moderator.domain.policy import Mode
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.near.sketch import sketched
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.judgement.training.measures import Row, Share
from moderator.usecases.offline.stream import Stream, undecided
from moderator.usecases.operate.import_history import MAX_LESSONS, NEAR_KEPT

RESULTS = Path(__file__).parent / "results" / "first_day.md"
Seen = tuple[str, str]  # label and verdict
Dated = tuple[Row, Submission, datetime]


@dataclass(frozen=True, slots=True)
class Import:
    """What of the history is taken in: nothing, without spam (as WordPress exports), lessons."""

    name: str
    is_taken: bool = True
    has_spam: bool = True
    teaches: bool = True


IMPORTS = (
    Import("a new site", is_taken=False),
    Import("history without spam (WordPress)", has_spam=False),
    Import("history with spam"),
    Import("history without spam, no lessons", has_spam=False, teaches=False),
    Import("history with spam, no lessons", teaches=False),
)


class FirstDay:
    """A site at the moment at which its history was imported."""

    def __init__(self, blog: Blog, weights: dict[str, float]) -> None:
        self.site = site_of(blog, Mode.USUAL)
        self.learner = StreamLearner(shared_model())
        self.near = MemoryNearIndex()
        scorer = Scorer(self.learner.model, self.learner.layer_of)
        self.stream = Stream(self.site, local(weights), self.near, scorer)

    def take(self, past: Sequence[Dated], what: Import, now: datetime) -> None:
        """What `moderator import` stores of each, and the latest lessons in their order."""
        kept = [each for each in past if what.has_spam or each[0]["label"] != "spam"]
        for row, each, when in kept:
            verdict, facts = _verdict(row), Facts(each, self.site.hosts)
            self.stream.past.add(undecided(facts))
            self.stream.past.decided(each.id, verdict, by_person=True)
            self.stream.past.ruled(each, when, is_spam=verdict is Verdict.SPAM)
            if when >= now - NEAR_KEPT:
                self.near.find_and_add(sketched([facts]))
        for row, each, _ in kept[-MAX_LESSONS:] if what.teaches else ():
            self.learner.told(each.text, _verdict(row))

    def judge(self, coming: Sequence[Dated]) -> Iterator[Seen]:
        """Moderators decide what is held."""
        for row, each, when in coming:
            (judged,) = self.stream.judge([each], when)
            yield str(row["label"]), str(judged.decision.verdict)
            if judged.decision.verdict is Verdict.HOLD:
                self.stream.learn(each, _verdict(row), when)
                self.learner.told(each.text, _verdict(row))


def dated(blog: Blog) -> list[Dated]:
    found: list[Dated] = []
    site, when = site_of(blog, Mode.USUAL), None
    for number, row in enumerate(blog.rows):
        when = time_of(row, when)
        found.append((row, submission({**row, "lang": ""}, site, number, when), when))
    return found


def _verdict(row: Row) -> Verdict:
    return Verdict.SPAM if row["label"] == "spam" else Verdict.APPROVE


def line(name: str, seen: Sequence[Seen]) -> str:
    ham = [verdict for label, verdict in seen if label == "ham"]
    spam = [verdict for label, verdict in seen if label == "spam"]
    shares = [str(Share(ham.count(verdict), len(ham))) for verdict in ("spam", "discard", "hold")]
    through = Share(spam.count("approve"), len(spam))
    return " | ".join((f"| {name}", str(len(ham)), *shares, str(len(spam)), f"{through} |"))


def first_days(
    many: Sequence[Blog], weights: dict[str, dict[str, float]]
) -> Iterator[tuple[Import, list[Seen], list[Seen]]]:
    """Of each kind of import what became of all second halves, and of their first fifty."""
    for what in IMPORTS:
        everything: list[Seen] = []
        begin: list[Seen] = []
        for blog in many:
            rows = dated(blog)
            past, coming = rows[: len(rows) // 2], rows[len(rows) // 2 :]
            day = FirstDay(blog, weights[blog.name])
            if what.is_taken:
                day.take(past, what, coming[0][2])
            seen = list(day.judge(coming))
            everything += seen
            begin += seen[:50]
        yield what, everything, begin


def main() -> int:
    path = (Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER) / "fresh_dev.jsonl"
    if not path.exists():
        print(f"SKIPPED: there is no {path.name} in {path.parent}")
        return 0
    many = [blog for blog in blogs(path) if len(blog.rows) > 1]
    _, without, _ = of_other_folds(many, Mode.CAREFUL)
    fold = folds(many)
    weights = {blog.name: named(without[fold[blog.name]]) for blog in many}
    found = list(first_days(many, weights))
    lines = [
        "# The first day",
        "",
        f"`make first-day`: {path.name}, {len(many)} blogs. The second half of each is judged in",
        "the mode usual, once after its first half was imported, and once on a new site.",
        "",
        HEAD,
        LINE,
        *(line(what.name, everything) for what, everything, _ in found),
        "",
        "The first fifty comments of each:",
        "",
        HEAD,
        LINE,
        *(line(what.name, begin) for what, _, begin in found),
    ]
    RESULTS.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
