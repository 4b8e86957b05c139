"""How often a client that knows only yes and no is told wrong: by a site's past, else by others'.

Where people decided little, the figures are those of docs/akismet-server.md: 40 real blogs, judged
by what moderators would have decided of those held before. Between two of their thresholds, the
worse of both counts.
"""

from dataclasses import dataclass

from moderator.domain.answering.tally import interval

LEAST = 30  # comments that people decided at a site, below which its past says too little
HONEST, SPAM = 8_174, 315  # comments of those blogs
# From which score what is held is spam: honest that are called spam, spam that is published.
ELSEWHERE = ((0.5, 162, 3), (0.6, 84, 3), (0.7, 32, 4), (0.8, 12, 6), (0.9, 7, 16))


@dataclass(frozen=True, slots=True)
class PlainErrors:
    """Comments that people called honest and spam, and how many of each were told wrong."""

    honest: int
    honest_refused: int
    spam: int
    spam_published: int

    @property
    def is_enough(self) -> bool:
        return self.honest + self.spam >= LEAST


def elsewhere(plain_at: float) -> PlainErrors:
    """What to expect at a threshold where nothing is known of the site."""
    refused = [row[1] for row in ELSEWHERE if row[0] <= plain_at] or [ELSEWHERE[0][1]]
    published = [row[2] for row in ELSEWHERE if row[0] >= plain_at] or [ELSEWHERE[-1][2]]
    return PlainErrors(HONEST, refused[-1], SPAM, published[0])


def told(known: PlainErrors, plain_at: float) -> str:
    """One line for an operator: errors by 1,000, with the 95 % interval, and what they are of."""
    found = known if known.is_enough else elsewhere(plain_at)
    decided = known.honest + known.spam
    source = (
        f"by {decided} comments that people decided here (most of them were held)"
        if known.is_enough
        else f"by 40 other blogs, for people decided {decided} here"
    )
    return (
        f"at plain threshold {plain_at:g}:"
        f" {_rate(found.honest_refused, found.honest)} honest comments are called spam,"
        f" {_rate(found.spam_published, found.spam)} spam are published; {source}"
    )


def _rate(part: int, whole: int) -> str:
    low, high = interval(part, whole)
    share = f"{1_000 * part / whole:.0f}" if whole else "an unknown number"
    return f"{share} ({1_000 * low:.0f} to {1_000 * high:.0f}) of 1,000"
