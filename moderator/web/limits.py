"""How often one site or address may ask: a token bucket in the memory of each web process."""

from datetime import datetime
from math import ceil

from moderator.domain.errors import TooManyRequestsError
from moderator.domain.timing.token_bucket import Buckets


class RateLimit:
    """At most `per_second` on average and `burst` at once; 0 is no limit."""

    def __init__(self, per_second: float = 0.0, burst: int = 1_000) -> None:
        self._per_second = per_second
        self._words = f"More than {burst} events at once, or {per_second:g} a second"
        self._buckets = Buckets(per_second, burst)

    def take(self, name: str, now: datetime, *, events: int = 1) -> None:
        """Count `events`. Raises TooManyRequestsError with the seconds to wait.

        What is sent at once is taken whole or not at all: if it is more than `burst`, then when
        nothing was sent for a while, and the next has to wait the longer.
        """
        if not self._per_second:
            return
        wait = self._buckets.take(name, now.timestamp(), events)
        if wait:
            raise TooManyRequestsError(self._words, max(1, ceil(wait)))
