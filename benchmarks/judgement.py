"""CPU time of the judgement per comment, in batches and alone; how long the model takes to load.

Usage: python -m benchmarks.judgement [ROWS.jsonl]. Without rows, texts of our own grammar serve.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from moderator.checks import LOCAL
from moderator.commands.evaluate import rows
from moderator.commands.judge import START, submission
from moderator.domain.check import Context
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import comparable, exact_key
from moderator.domain.judge import Case, Judge
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.text.fold import fold
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.near.sketch import sketch
from moderator.judgement.phrasebook import phrasebook
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import SHIPPED, load, shared_model
from moderator.usecases.offline.stream import Stream

COUNT = 3_000
BATCH = 500
SITE = Site(id="site", name="site", url="", hosts=frozenset())


def texts() -> list[str]:
    chance = random.Random(1)  # noqa: S311 (repeatable, not secret)
    if len(sys.argv) > 1:
        found = [str(row["text"]) for row in rows(Path(sys.argv[1]))]
    else:
        found = [text for _, text in phrasebook().texts(12, chance)]
    chance.shuffle(found)
    return found[:COUNT]


def per_comment(work: Callable[[Sequence[Submission]], object], many: list[Submission]) -> str:
    """Microseconds of CPU: in batches, and one by one. What is loaded once is loaded before."""
    times = []
    work(many[-BATCH:])
    for size, these in ((BATCH, many), (1, many[:BATCH])):
        started = time.process_time()
        for start in range(0, len(these), size):
            work(these[start : start + size])
        times.append((time.process_time() - started) / len(these) * 1e6)
    return f"{times[0]:8.1f} {times[1]:10.1f}"


def main() -> int:
    started = time.process_time()
    load()
    print(f"model {SHIPPED.stat().st_size / 1e6:.2f} MB, ", end="")
    print(f"loads in {(time.process_time() - started) * 1e3:.1f} ms")
    scorer = Scorer(shared_model())
    many = [submission({"text": text}, SITE, at, START) for at, text in enumerate(texts())]
    facts = [Facts(each) for each in many]
    scores = dict(zip((each.id for each in many), scorer.score(facts), strict=True))

    def checks(these: Sequence[Submission]) -> None:
        judge = Judge(LOCAL)
        for each in these:
            context = Context(SITE, START, text_score=scores[each.id], facts=Facts(each))
            judge([Case(each, context)])

    def score(these: Sequence[Submission]) -> None:
        scorer.score([Facts(each) for each in these])

    def explain(these: Sequence[Submission]) -> None:
        scorer.explain([(Facts(each), scores[each.id]) for each in these])

    def whole(these: Sequence[Submission]) -> None:
        stream = Stream(SITE, LOCAL, MemoryNearIndex(), scorer)
        stream.judge(these, START)

    print(f"{len(many)} comments of {sum(len(e.text) for e in many) / len(many):.0f} characters")
    print("us of CPU per comment   batch of 500     single")
    for name, work in (
        ("folding", lambda these: [fold(each.text) for each in these]),
        ("exact key", lambda these: [exact_key(each.text) for each in these]),
        ("sketch", lambda these: sketch([comparable(each.text) for each in these])),
        ("score", score),
        ("explanation", explain),
        ("local checks, decision", checks),
        ("all of it, in memory", whole),
    ):
        print(f"{name:24} {per_comment(work, many)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
