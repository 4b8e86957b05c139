"""Keeps us from being an amplifier: how often a host is asked, and who did not answer lately."""

import time
from collections import OrderedDict
from collections.abc import Callable

from moderator.domain.errors import FetchError, OverBudgetError
from moderator.domain.timing.token_bucket import Buckets

MAX_NAMES = 10_000


class HostBudget:
    """A token bucket per registrable domain, and a short memory of hosts that did not answer.

    `requests` per `seconds` are let through to one domain; a host[:port] that failed is not asked
    again for `silence` seconds. Names that were not asked for longest are forgotten first.
    """

    def __init__(
        self,
        *,
        requests: float = 30,
        seconds: float = 60,
        silence: float = 30,
        most: int = MAX_NAMES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._buckets = Buckets(requests / seconds, requests, most=most)
        self._silence = silence
        self._most = most
        self._clock = clock
        self._silent_until: OrderedDict[str, float] = OrderedDict()

    def expect_answer(self, host: str) -> None:
        """Raises FetchError when `host` did not answer a moment ago."""
        now = self._clock()
        if now < self._silent_until.get(host, now):
            raise FetchError("The host did not answer a moment ago")

    async def spend(self, domain: str) -> None:
        """Take one request. Raises OverBudgetError when `domain` was asked often enough."""
        wait = self._buckets.take(domain, self._clock())
        if wait:
            raise OverBudgetError("The host was asked often enough for now", retry_after=wait)

    def note_silence(self, host: str) -> None:
        """Remember that `host` did not answer."""
        self._silent_until.pop(host, None)
        self._silent_until[host] = self._clock() + self._silence
        while len(self._silent_until) > self._most:
            self._silent_until.popitem(last=False)
