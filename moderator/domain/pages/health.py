"""What the database and what stands beside us say about how the service fares."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderator.domain.queue import Job


@dataclass(frozen=True, slots=True)
class PollReport:
    """How the polls of a blog fare: the last that went well, and why the last one did not."""

    site_id: str
    polled_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class FailedCallbacks:
    """How many callbacks of a site went wrong in the same way lately; `status` 0: no answer."""

    site_id: str
    status: int
    error: str
    count: int


@dataclass(frozen=True, slots=True)
class RedisReport:
    version: str
    policy: str  # what it does when its memory is full


class MailTrouble(StrEnum):
    """Why a mail server takes nothing from us."""

    NO_NAME = "no name"
    AWAY = "away"
    SILENT = "silent"
    CERTIFICATE = "certificate"
    NO_TLS = "no tls"
    LOGIN = "login"
    SENDER = "sender"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MailReport:
    """How far we came at a mail server without sending it anything.

    `server` is HOST:PORT; `detail` says in one clause how it stands.
    """

    server: str
    detail: str
    trouble: MailTrouble | None = None


@dataclass(frozen=True, slots=True)
class ListReport:
    """What a blocklist in the DNS says of what each must list, or must not (RFC 5782, 5).

    `zone` is without a customer's key. `listed` are those it lists of the test entries. `refusal`
    is the code by which it answers that it will not, `silence` why nothing was heard of it.
    """

    zone: str
    listed: frozenset[str] = frozenset()
    refusal: str = ""
    silence: str = ""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What the database says about the service.

    `is_newer`: the schema is of a version after this one. `ahead_ms` is, by process, how far its
    clock is ahead of the database's. `unnamed_proxy_at` is when a neighbour last spoke for others.
    """

    engine: str
    is_current: bool
    is_newer: bool = False
    sites: int = 0
    moderators: int = 0
    waiting: dict[Job, int] = field(default_factory=dict)
    oldest_due: dict[Job, datetime] = field(default_factory=dict)
    dead_letters: int = 0
    seen_at: dict[str, datetime] = field(default_factory=dict)  # by kind of process
    polls: tuple[PollReport, ...] = ()
    failed: tuple[FailedCallbacks, ...] = ()
    ahead_ms: dict[str, int] = field(default_factory=dict)
    unnamed_proxy_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One number that rises and falls: for who watches. Levels of one name stand together."""

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()
