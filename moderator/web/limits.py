"""How often one site or address may ask: a token bucket in the memory of each web process."""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from threading import Lock

from moderator.domain.errors import TooManyRequestsError

MAX_NAMES = 20_000  # who did not ask for longest is forgotten first


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(slots=True)
class RateLimit:
    """At most `per_second` on average and `burst` at once; 0 is no limit."""

    per_second: float = 0.0
    burst: int = 1_000
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, name: str, now: datetime, *, events: int = 1) -> None:
        """Count `events`. Raises TooManyRequestsError with the seconds to wait."""
        if not self.per_second:
            return
        moment = now.timestamp()
        with self._lock:
            bucket = self._buckets.pop(name, None) or _Bucket(self.burst, moment)
            self._buckets[name] = bucket
            if len(self._buckets) > MAX_NAMES:
                del self._buckets[next(iter(self._buckets))]
            passed = max(0.0, moment - bucket.at)
            bucket.tokens = min(self.burst, bucket.tokens + passed * self.per_second)
            bucket.at = moment
            if bucket.tokens >= events:
                bucket.tokens -= events
                return
            missing = min(events, self.burst) - bucket.tokens
        wait = max(1, ceil(missing / self.per_second))
        raise TooManyRequestsError("Too many requests", wait)
