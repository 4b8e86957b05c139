"""A text without its links: what its wording is judged by, in training and in scoring.

A link is no word: its host must not count as vocabulary, nor its digits as a telephone number. With
it go the marks of bulletin boards that only hold it. Letters that are kept apart are put together,
and digits that pass for letters are letters.
"""

import re
from collections.abc import Sequence

from moderator.domain.links.find import WrittenLink, without, written
from moderator.domain.text.apart import together
from moderator.domain.text.fold import fold
from moderator.domain.text.leet import spelled

LINK_MARK = re.compile(r"\[/?(?:url|link|img)\b[=\s]{0,9}\]?", re.IGNORECASE)


def prose_of(text: str) -> str:
    """The same of a text about which nothing else is known."""
    return _linkless(*_looked_through(_legible(text)))


def prose(text: str, folded: str, found: Sequence[WrittenLink]) -> str:
    """Folded, without links: `found` are those of the text, or of the folded one beyond ASCII.

    There they are looked for as a reader sees them, whatever letters pass for others.
    """
    legible = _legible(text)
    if legible == text:
        return _linkless(text, folded, found)
    return _linkless(*_looked_through(legible))


def _legible(text: str) -> str:
    return spelled(together(text))


def _looked_through(text: str) -> tuple[str, str, Sequence[WrittenLink]]:
    folded = fold(text)
    return text, folded, written(text if text.isascii() else folded)


def _linkless(text: str, folded: str, found: Sequence[WrittenLink]) -> str:
    if not found:
        return folded
    return fold(LINK_MARK.sub(" ", without(text if text.isascii() else folded, found)))
