"""The part of a working day in which people sign in."""

from datetime import timedelta

from moderator.domain.account import Moderator, Role, Session
from moderator.storage.base.database import Database
from moderator.storage.people.accounts import AccountRows
from tests.builders import NOON


def sign_in(database: Database, name: str) -> None:
    """Somebody is added, gets a link, and works."""
    rows = AccountRows(database)
    rows.add(Moderator(name, name, Role.MODERATOR, ("blog",)), NOON)
    for digest in ("a", "b"):
        rows.add_link(name, f"{name}{digest}", NOON)
    rows.link_owner(f"{name}a", NOON - timedelta(hours=1))
    owner = rows.redeem(f"{name}a", "hash", NOON - timedelta(hours=1))
    assert owner is not None
    rows.by_name(name)
    rows.is_staffed()
    rows.open_session(name, Session(owner, "csrf", NOON, NOON + timedelta(days=1)))
    rows.session(name, NOON)
    rows.extend(name, NOON + timedelta(days=2))
    rows.close_session(name)
