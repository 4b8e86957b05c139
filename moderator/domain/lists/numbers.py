"""Telephone numbers, compared by their digits however they are grouped."""

import re
from collections.abc import Iterator

from moderator.domain.lists.wording import FEWEST_DIGITS, MOST_DIGITS, digits_of

GROUP = re.compile(r"\d+")
GAP = 3  # characters between two groups of one number
MOST_GROUPS = 10
TRUNK = "(0)"  # +49 (0)170 ...
FEWEST_NATIONAL = 8  # digits by which a number is told without its country's
COUNTRY = 3  # digits of a country code at most
RUSSIAN, WHOLE = {"7", "8"}, 11  # +7 800 ... is dialled 8 800 ...


class Numbers:
    def __init__(self) -> None:
        self._by_end: dict[str, list[tuple[str, str]]] = {}

    def add(self, digits: str, value: str) -> None:
        bare = digits.lstrip("0")
        self._by_end.setdefault(bare[-FEWEST_DIGITS:], []).append((bare, value))

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """Each value with its number as it stands in the text."""
        if not self._by_end:
            return
        text = text.replace(TRUNK, " ")
        groups = [(match.start(), match.end()) for match in GROUP.finditer(text)]
        for place in range(len(groups)):
            yield from self._from(text, groups[place : place + MOST_GROUPS])

    def _from(self, text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
        """The numbers that begin with the first group."""
        digits, before = "", groups[0][0]
        for start, end in groups:
            gap = text[before:start]
            if len(gap) > GAP or any(map(str.isalpha, gap)) or end - start > MOST_DIGITS:
                return
            digits, before = digits + digits_of(text[start:end]), end
            if len(digits) > MOST_DIGITS:
                return
            bare = digits.lstrip("0")
            for wanted, value in self._by_end.get(bare[-FEWEST_DIGITS:], ()):
                if _is_same(bare, wanted):
                    yield value, text[groups[0][0] : end]


def _is_same(one: str, other: str) -> bool:
    """Whether they differ by no more than a country code that one of them leaves out."""
    if one == other:
        return True
    if len(one) == WHOLE and one[1:] == other[1:] and {one[:1], other[:1]} == RUSSIAN:
        return True
    short, long = sorted((one, other), key=len)
    is_national = len(short) >= FEWEST_NATIONAL and len(long) - len(short) <= COUNTRY
    return is_national and long.endswith(short)
