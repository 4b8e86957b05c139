"""A key or a secret counts from the moment that it is given out, however busy a process is."""

from datetime import timedelta

import pytest

from moderator import signing
from moderator.domain.errors import UnauthenticatedError
from moderator.domain.site import Secret
from moderator.storage.base.database import Database
from moderator.storage.people import sites as module
from moderator.storage.people.sites import SiteRows
from moderator.usecases.intake.credentials import by_key, by_signature
from tests.builders import NOON, a_site

KEY = "mod_new_key"
BODY = b"{}"


def add(database: Database, id_: str, key: str) -> None:
    secrets = (Secret(signing.new_secret(id_.encode() * 8), NOON),)
    SiteRows(database).add(
        a_site(id=id_, secrets=secrets),
        key_prefix=key[:5],
        key_digest=signing.key_digest(key),
        now=NOON,
    )


@pytest.fixture
def busy(database: Database, monkeypatch: pytest.MonkeyPatch) -> SiteRows:
    """A process that has just read the sites, and is asked by strangers all the time."""
    add(database, "blog", "mod_old_key")
    busy = SiteRows(database)
    assert busy.get("blog") is not None
    monkeypatch.setattr(module, "CACHE_SECONDS", 1e9)
    return busy


def test_a_new_key_is_known_at_once(database: Database, busy: SiteRows) -> None:
    add(database, "new", KEY)
    assert by_key(busy, f"Bearer {KEY}", now=NOON).site.id == "new"


def test_a_new_secret_is_known_at_once(database: Database, busy: SiteRows) -> None:
    add(database, "new", KEY)
    known = SiteRows(database).get("new")
    assert known is not None
    headers = signing.sign("msg_1", BODY, secrets=known.secrets, now=NOON)
    caller = by_signature(busy, "new", headers=headers, body=BODY, now=NOON)
    assert caller.site.id == "new"


def test_a_new_site_is_known_at_once(database: Database, busy: SiteRows) -> None:
    add(database, "new", KEY)
    assert busy.get("new") is not None
    assert busy.get("nobody") is None


def test_strangers_cannot_make_it_read_again_and_again(
    database: Database, busy: SiteRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UNKNOWN_INTERVAL_SECONDS", 1e9)
    with pytest.raises(UnauthenticatedError):
        by_key(busy, "Bearer mod_guessed", now=NOON)
    add(database, "new", KEY)
    with pytest.raises(UnauthenticatedError):
        by_key(busy, f"Bearer {KEY}", now=NOON + timedelta(seconds=1))
