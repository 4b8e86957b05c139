"""Counts of the Akismet endpoints, and how often they were right: as far as people said so.

Who was never corrected need not have been right, so a share is told with its interval, and false
positives are told among genuine comments: of a hundred comments that are spam but for one, the one
that was thrown away is no rounding error.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Place = tuple[str, int, str]  # site, month (202603), host of the blog
SURE = 1.96  # standard deviations: 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Line:
    """One blog in one month. `spam` and `ham` are what it was told; the rest was told by people."""

    month: int
    blog: str
    api_calls: int = 0
    spam: int = 0
    ham: int = 0
    missed_spam: int = 0
    false_positives: int = 0

    @property
    def genuine(self) -> int:
        """Comments that were no spam, as far as is known."""
        return max(0, self.ham - self.missed_spam) + self.false_positives

    @property
    def accuracy(self) -> float | None:
        """Percent of what was told that nobody corrected; None where nothing was told."""
        told = self.spam + self.ham
        wrong = min(told, self.missed_spam + self.false_positives)
        return round(100 * (1 - wrong / told), 2) if told else None


def added(lines: Iterable[Line], *, month: int = 0, blog: str = "") -> Line:
    api_calls = spam = ham = missed = false = 0
    for line in lines:
        api_calls, spam, ham = api_calls + line.api_calls, spam + line.spam, ham + line.ham
        missed, false = missed + line.missed_spam, false + line.false_positives
    return Line(month, blog, api_calls, spam, ham, missed, false)


def interval(part: int, whole: int) -> tuple[float, float]:
    """The shares between which the true one lies, by 95 % (Wilson 1927); (0, 1) of nothing."""
    if whole <= 0:
        return 0.0, 1.0
    share, z2 = part / whole, SURE * SURE
    middle = share + z2 / (2 * whole)
    width = SURE * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    divisor = 1 + z2 / whole
    return max(0.0, (middle - width) / divisor), min(1.0, (middle + width) / divisor)
