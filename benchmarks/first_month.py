"""A blog's first month in each of twenty languages, with moderators who decide only what is held.

Usage: python -m benchmarks.first_month [LANGUAGE ...]. Sentences of our own (first_month.txt) are
put together to comments. Of the honest ones three in five are by people who come again, and about
a third bring a page or a link; of the spam nearly all does, by names and hosts that change. What
is held is decided rightly before the next comment comes; what is approved stays, and is never
looked at. Told: what the blog declares; untold: nothing, and its posts have no titles.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moderator.checks import LOCAL
from moderator.domain.site import Site
from moderator.domain.submission import Author, Format, Kind, Post, Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.judgement.training.measures import Share
from moderator.usecases.offline.stream import Stream

HERE = Path(__file__).resolve().parent
SENTENCES = HERE / "first_month.txt"
RESULTS = HERE / "results" / "first_month.md"
START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
COMMENTS, SPAM = 160, 0.15  # of a month; the share that is spam
EVERY = timedelta(hours=4, minutes=30)
REGULARS, AGAIN = 14, 0.6
HAS_PAGE, HAS_LINK = 0.3, 0.05  # of honest people
ADVERTISED = 4  # hosts in a month
PADDED, BARE, LINKED = 0.3, 0.04, 0.3  # of the spam: honest words first; no page or link; a link
WHO = "Moderators decide what is held, and nothing else."
HEADS = (
    "language", "honest", "held, told", "held, untold", "called spam", "spam", "through, told",
    "through, untold",
)  # fmt: skip
NAMES = ("Ana", "Ben", "Chi", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kai", "Lea")


@dataclass(slots=True)
class Pages:
    """What one language's section says."""

    titles: list[str] = field(default_factory=list)
    honest: list[str] = field(default_factory=list)
    spam: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    honest_held: Share
    honest_called_spam: Share
    spam_through: Share


def sections(path: Path = SENTENCES) -> dict[str, Pages]:
    """The sentences by language."""
    found: dict[str, Pages] = {}
    pages = Pages()
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, said = line.partition(" ")
        if line.startswith("["):
            pages = found.setdefault(line.strip("[]"), Pages())
        elif mark in {"=", "+", "-"}:
            {"=": pages.titles, "+": pages.honest, "-": pages.spam}[mark].append(said)
    return found


def comments(lang: str, pages: Pages) -> Iterator[tuple[Submission, bool]]:
    """A month's comments, each with whether it is spam; the same every time."""
    chance = random.Random(lang)  # noqa: S311  # texts, no secrets
    for number in range(COMMENTS):
        is_spam = chance.random() < SPAM
        text, author = (advertised if is_spam else said)(pages, chance, number)
        when = START + number * EVERY
        yield (
            Submission(
                id=f"{number:032x}", site_id=lang, platform_id=str(number), kind=Kind.COMMENT,
                content=text, format=Format.TEXT, text=text, created_at=when, received_at=when,
                author=author, post=Post(id="1", title=pages.titles[0]),
            ),
            is_spam,
        )  # fmt: skip


def said(pages: Pages, chance: random.Random, number: int) -> tuple[str, Author]:
    text = " ".join(chance.sample(pages.honest, chance.choice((1, 1, 2, 2, 3))))
    who = chance.randrange(REGULARS) if chance.random() < AGAIN else REGULARS + number
    if chance.random() < HAS_LINK:
        text += f" https://site{who}.example.net/p/{number}"
    has_page = random.Random(who).random() < HAS_PAGE  # noqa: S311
    url = f"https://site{who}.example.net/" if has_page else ""
    name = f"{NAMES[who % len(NAMES)]} {who}"
    return text, Author(name=name, email=f"reader{who}@example.org", url=url, ip="192.0.2.1")


def advertised(pages: Pages, chance: random.Random, number: int) -> tuple[str, Author]:
    text = chance.choice(pages.spam)
    if chance.random() < PADDED:
        text = f"{chance.choice(pages.honest)} {text}"
    host = f"https://offer{chance.randrange(ADVERTISED)}.example.com/"
    is_bare = chance.random() < BARE
    if not is_bare and chance.random() < LINKED:
        text += f" {host}{number}"
    name = chance.choice((*NAMES, " ".join(text.split()[:3])))
    url = "" if is_bare else host
    return text, Author(name=name, email=f"a{number}@example.com", url=url, ip="198.51.100.7")


def month(lang: str, pages: Pages, *, is_told: bool) -> Month:
    site = Site(id=lang, name=lang, url="", hosts=frozenset(), langs=(lang,) if is_told else ())
    learner = StreamLearner(shared_model())
    stream = Stream(site, LOCAL, MemoryNearIndex(), Scorer(learner.model, learner.layer_of))
    verdicts: dict[bool, list[Verdict]] = {True: [], False: []}
    for submission, is_spam in comments(lang, pages):
        it = submission if is_told else replace(submission, post=Post(id="1"))
        (judged,) = stream.judge([it], it.created_at)
        verdict = judged.decision.verdict
        verdicts[is_spam].append(verdict)
        if verdict is Verdict.HOLD:
            by_person = Verdict.SPAM if is_spam else Verdict.APPROVE
            stream.learn(it, by_person, it.created_at)
            learner.told(it.text, by_person)
    return Month(
        _share(verdicts[False], Verdict.HOLD),
        _share(verdicts[False], Verdict.SPAM),
        _share(verdicts[True], Verdict.APPROVE),
    )


def _share(verdicts: Sequence[Verdict], verdict: Verdict) -> Share:
    return Share(verdicts.count(verdict), len(verdicts))


def _sum(shares: Sequence[Share]) -> Share:
    return Share(sum(share.count for share in shares), sum(share.of for share in shares))


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{(share.value or 0) * 100:.1f} [{low * 100:.1f}, {high * 100:.1f}]"


def report(chosen: Sequence[str]) -> list[str]:
    found = {lang: pages for lang, pages in sections().items() if not chosen or lang in chosen}
    lines = [
        "# A blog's first month",
        "",
        f"Per 100 comments, with Wilson's 95 % interval. {WHO}",
        "",
        "| " + " | ".join(HEADS) + " |",
        "|" + "---|" * len(HEADS),
    ]
    both = []
    for lang, pages in found.items():
        both.append((month(lang, pages, is_told=True), month(lang, pages, is_told=False)))
        lines.append(_line(lang, *both[-1]))
    told, untold = zip(*both, strict=True)
    return [*lines, _line("all", _together(told), _together(untold)), ""]


def _together(months: Sequence[Month]) -> Month:
    return Month(
        _sum([each.honest_held for each in months]),
        _sum([each.honest_called_spam for each in months]),
        _sum([each.spam_through for each in months]),
    )


def _line(name: str, told: Month, untold: Month) -> str:
    spam = _sum([told.honest_called_spam, untold.honest_called_spam])
    cells = (
        name, str(told.honest_held.of), _percent(told.honest_held), _percent(untold.honest_held),
        str(spam.count), str(told.spam_through.of), _percent(told.spam_through),
        _percent(untold.spam_through),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main() -> int:
    chosen = sys.argv[1:]
    text = "\n".join(report(chosen))
    if not chosen:
        RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
