"""What the shared model is trained on: rows that people wrote, and texts of our own grammar."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderator.judgement.phrasebook import Phrasebook

EACH = 40  # texts per phrasing of the grammar
GRAMMAR = "grammar:"
LINKED_HAM = 0.15  # share of the ham rows that come again with links in them
FRAMES = ("See {}", "{}", "Source: {}", "as reported by {}", "read this: {}", "More: {} .", "({})")


@dataclass(frozen=True, slots=True)
class Sample:
    """One training text (plain). `source` is where it is from: folds never split a source."""

    text: str
    is_spam: bool
    source: str
    weight: float = 1.0


def written(book: Phrasebook, chance: random.Random, each: int = EACH) -> list[Sample]:
    """Samples of the grammar."""
    return [
        Sample(text, phrasing.is_spam, GRAMMAR + phrasing.theme, 0.5)
        for phrasing, text in book.texts(each, chance)
    ]


def with_links(
    ham: Sequence[Sample], book: Phrasebook, chance: random.Random, share: float = LINKED_HAM
) -> list[Sample]:
    """Honest texts again, now with honest links: a link is no evidence."""
    chosen = chance.sample(list(ham), int(len(ham) * share))
    return [replace(sample, text=_linked(sample.text, book, chance)) for sample in chosen]


def _linked(text: str, book: Phrasebook, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 2, 3))):
        link = chance.choice(FRAMES).format(book.write("{honesturl}", chance))
        text = chance.choice((f"{text} {link}", f"{link} {text}"))
    return text
