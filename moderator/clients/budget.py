"""Keeps us from being an amplifier: how often a host is asked, and who did not answer lately."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from moderator.domain.errors import FetchError, OverBudgetError

MAX_NAMES = 10_000

Value = TypeVar("Value")


@dataclass(slots=True)
class _Account:
    tokens: float
    at: float


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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = requests
        self._rate = requests / seconds
        self._silence = silence
        self._clock = clock
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._silent_until: OrderedDict[str, float] = OrderedDict()

    def expect_answer(self, host: str) -> None:
        """Raises FetchError when `host` did not answer a moment ago."""
        now = self._clock()
        if now < self._silent_until.get(host, now):
            raise FetchError("The host did not answer a moment ago")

    def spend(self, domain: str) -> None:
        """Take one request. Raises OverBudgetError when `domain` was asked often enough."""
        now = self._clock()
        account = self._accounts.pop(domain, None) or _Account(self._requests, now)
        self._accounts[domain] = account
        _forget(self._accounts)
        account.tokens = min(self._requests, account.tokens + (now - account.at) * self._rate)
        account.at = now
        if account.tokens < 1:
            wait = (1 - account.tokens) / self._rate
            raise OverBudgetError("The host was asked often enough for now", retry_after=wait)
        account.tokens -= 1

    def note_silence(self, host: str) -> None:
        """Remember that `host` did not answer."""
        self._silent_until.pop(host, None)
        self._silent_until[host] = self._clock() + self._silence
        _forget(self._silent_until)


def _forget(names: OrderedDict[str, Value]) -> None:
    while len(names) > MAX_NAMES:
        names.popitem(last=False)
