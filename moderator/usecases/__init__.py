"""The verbs of the service: accept, check, deliver, moderate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from moderator.usecases.accept import Accept
from moderator.usecases.credentials import Sites
from moderator.usecases.ready import Ready
from moderator.usecases.show import Show


@dataclass(frozen=True, slots=True)
class Services:
    """What the web can ask for; bootstrap.py fills it with real parts, tests with fakes."""

    accept: Accept
    sites: Sites
    show: Show
    ready: Ready
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
