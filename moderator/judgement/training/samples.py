"""What the shared model is trained on: rows that people wrote, and texts of our own grammar."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderator.domain.content.prose import prose_of
from moderator.domain.links.find import written as links_in
from moderator.judgement.phrasebook import Phrasebook

TEXTS_PER_PHRASING = 8  # texts per phrasing of the grammar
NAMES_PER_PHRASING = 40  # names or pages per phrasing
MIN_SPAM_LETTERS = 25  # letters that spam must have beside its link to be taught as a text
BARE = frozenset({"flattery", "short", "mess"})  # themes that are spam by their link alone
GRAMMAR = "grammar:"
GRAMMAR_WEIGHT = 0.25  # of one of them, beside 0.5 to 3 of what a person wrote
LINKED_HAM = 0.4  # share of the ham rows that come again with links in them
PADDED_SPAM = 1.0  # share of the spam that comes again beside honest text
PADDED_HAM = 1.0  # share of the grammar's ham that does
JOINED_HAM = 0.5  # share of the ham rows that come again beside another
MIN_PADDED_LETTERS = 60  # characters that are worth padding with
PADDING_LETTERS = (150, 250, 400)  # characters
FRAMES = (
    "See {}",
    "{}",
    "here",
    "See here.",
    "Source: {}",
    "as reported by {}",
    "read this: {}",
    "More: {} .",
    "({})",
    "More at {}",
    "This {} says otherwise.",
    "You can check it yourself: {}",
    "According to this article {} it is not so.",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One training text (plain). `source` is where it is from: folds never split a source."""

    text: str
    is_spam: bool
    source: str
    weight: float = 1.0


def written(
    book: Phrasebook, chance: random.Random, each: int = TEXTS_PER_PHRASING
) -> list[Sample]:
    """Samples of the grammar."""
    return [
        Sample(text, phrasing.is_spam, GRAMMAR + phrasing.theme, GRAMMAR_WEIGHT)
        for phrasing, text in book.texts(each, chance)
    ]


def signed(book: Phrasebook, chance: random.Random) -> list[Sample]:
    """Names and pages of authors."""
    return [
        Sample(text, phrasing.is_spam, GRAMMAR + phrasing.theme)
        for phrasing, text in book.texts(NAMES_PER_PHRASING, chance)
    ]


def is_told_by_text(sample: Sample) -> bool:
    """Whether it is what it is by its words: spam with a link may say nothing beside it."""
    if not sample.is_spam or not links_in(sample.text):
        return True
    if sample.source.removeprefix(GRAMMAR) in BARE:
        return False
    return sum(map(str.isalpha, prose_of(sample.text))) >= MIN_SPAM_LETTERS


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


def padded(
    people: Sequence[Sample],
    spam: Sequence[Sample],
    look_alikes: Sequence[Sample],
    chance: random.Random,
) -> list[Sample]:
    """Spam beside honest text is spam; honest text beside honest text is not.

    The look-alikes of spam are padded as often as the spam: else long texts on their subjects
    would be spam.
    """
    ham = [sample for sample in people if len(sample.text) >= MIN_PADDED_LETTERS]
    if not ham:
        return []
    made = []
    for sample in chance.sample(list(spam), int(len(spam) * PADDED_SPAM)):
        padding = chance.choice(ham).text[: chance.choice(PADDING_LETTERS)]
        pair = chance.choice(((sample.text, padding), (padding, sample.text)))
        made.append(replace(sample, text=" ".join(pair), weight=sample.weight / 2))
    joined = chance.sample(ham, int(len(ham) * JOINED_HAM))
    joined += chance.sample(list(look_alikes), int(len(look_alikes) * PADDED_HAM))
    for sample in joined:
        other = chance.choice(ham).text[: chance.choice(PADDING_LETTERS)]
        pair = chance.choice(((sample.text, other), (other, sample.text)))
        made.append(replace(sample, text=" ".join(pair)))
    return made
