"""What the machine let through and a person should see: a few each day, the least sure first.

So learning sees both sides, not just what was held. Which ones they are is the same for everybody
and stays so when some of them are decided, so a day's sample ends.
"""

from datetime import timedelta
from hashlib import blake2b

PER_DAY = 10  # of one site
DAYS = 2  # the day that goes on, and the one before
DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)
LOT = 2**32  # equals are drawn by lot
FINE = 10_000  # steps of a score of 1
MOST = 2.0  # a score


def day_of(milliseconds: int) -> int:
    """The day of a time, counted from 1970 (UTC)."""
    return milliseconds // DAY_MS


def doubt(score: float, id_: str) -> int:
    """How unsure an approval was: more for a higher score, and no two alike."""
    lot = int.from_bytes(blake2b(id_.encode(), digest_size=4).digest())
    return int(min(max(score, 0.0), MOST) * FINE) * LOT + lot
