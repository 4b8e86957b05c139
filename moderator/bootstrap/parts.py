"""What every wiring needs: the clock, the database, the way to give hints."""

import logging
import secrets
import sys
from collections.abc import Callable

from moderator.bootstrap.database import clock, clock_of, open_database
from moderator.clients.redis.bell import NoBell, RedisBell
from moderator.clients.redis.hints import CeleryHints, NoHints, celery_app
from moderator.clients.redis.trials import NoTrials, RedisTrials
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.people.accounts import AccountRows
from moderator.usecases.moderate.sign_in import Passwords, SignIn

__all__ = ["celery_app", "clock", "clock_of", "open_database"]


Step = Callable[[], int]  # works on what is due; returns how much it was


def new_token() -> str:
    return secrets.token_hex(8)


def set_up_logging(settings: Settings) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level,
        format="%(asctime)s level=%(levelname)s logger=%(name)s %(message)s",
    )


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
