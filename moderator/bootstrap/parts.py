"""What every wiring needs: the clock, the database, the way to give hints."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from moderator import __version__
from moderator.bootstrap.database import clock, clock_of, open_database
from moderator.bootstrap.event_log import StandardLog
from moderator.clients.redis.bell import NoBell, RedisBell
from moderator.clients.redis.hints import CeleryHints, NoHints, celery_app
from moderator.clients.redis.trials import NoTrials, RedisTrials
from moderator.settings import Settings
from moderator.storage.base.database import Database, LockPatience
from moderator.storage.people.accounts import AccountRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.metrics import MetricRows
from moderator.usecases.moderate.sign_in import Passwords, SignIn
from moderator.usecases.operate.metrics import ReadMetrics
from moderator.usecases.run.counting import Counters, WorkLog
from moderator.usecases.run.heartbeat import Heartbeat

__all__ = ["celery_app", "clock", "clock_of", "open_database"]


Step = Callable[[], int]  # works on what is due; returns how much it was


def new_token() -> str:
    return secrets.token_hex(8)


def build_hints(settings: Settings) -> CeleryHints | NoHints:
    if not settings.redis_url:
        return NoHints()
    return CeleryHints(settings.redis_url, prefix=settings.redis_prefix)


def build_bell(settings: Settings) -> RedisBell | NoBell:
    if not settings.redis_url:
        return NoBell()
    return RedisBell(settings.redis_url, prefix=settings.redis_prefix)


def build_trials(settings: Settings) -> RedisTrials | NoTrials:
    if not settings.redis_url:
        return NoTrials()
    return RedisTrials(settings.redis_url, prefix=settings.redis_prefix)


def build_sign_in(database: Database) -> SignIn:
    return SignIn(store=AccountRows(database), passwords=Passwords(), entropy=secrets.token_bytes)


@dataclass(frozen=True, slots=True)
class Counted:
    """The database of a process that counts what it does, and tells its log of it."""

    database: Database
    counters: Counters
    metrics: ReadMetrics

    def heartbeat(self, kind: str, name: str) -> Heartbeat:
        """Signs of life, with which goes what was counted."""
        return Heartbeat(
            heart=HeartbeatRows(self.database),
            kind=kind,
            name=name,
            log=StandardLog(),
            keep=self.metrics.keep,
        )


def open_counted(settings: Settings, patience: LockPatience = LockPatience()) -> Counted:  # noqa: B008  # frozen
    counters = Counters()
    database = open_database(settings, patience, lambda notes: hear(notes), in_time=True)  # noqa: PLW0108  # made below
    hear = WorkLog(counters=counters, log=StandardLog(), clock=clock_of(database))
    metrics = ReadMetrics(counters=counters, store=MetricRows(database), version=__version__)
    return Counted(database, counters=counters, metrics=metrics)
