"""Token buckets by name: how often something may happen, counted in the memory of one process."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MAX_NAMES = 20_000
ROUNDING = 1e-6  # seconds; who comes back exactly when told shall not be told to wait again


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """Lets through `rate` a second on average, for each name, and `burst` at once.

    The time is an argument, in seconds; it may step back, which gives no tokens. Names that were
    not asked about for longest are forgotten first. Threads may share it.
    """

    def __init__(self, rate: float, burst: float, *, most: int = MAX_NAMES) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, now: float, count: int = 1) -> float:
        """Take `count` tokens and return 0; or take none and return the seconds until it can be.

        A bucket never holds more than `burst`. So a full one gives more than it holds, and the
        rest is owed: it is earned before anything else is given.
        """
        with self._lock:
            bucket = self._bucket(name, now)
            missing = min(count, self._burst) - bucket.tokens
            if missing > self._rate * ROUNDING:
                return missing / self._rate
            bucket.tokens -= count
            return 0.0

    def _bucket(self, name: str, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(name, _Bucket(self._burst, now))
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        earned = max(0.0, now - bucket.at) * self._rate
        bucket.tokens = min(self._burst, bucket.tokens + earned)
        bucket.at = now
        return bucket
