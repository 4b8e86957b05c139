"""Keys of people are keyed hashes, under one key for all processes of an installation."""

import hashlib
import hmac
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from moderator.domain.content.fingerprint import address_key, author_key
from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base.database import Database
from moderator.storage.base.masking import masked
from moderator.storage.schema.migrate import config, upgrade
from moderator.storage.schema.tables import hash_keys
from tests.builders import ALICE, a_submission
from tests.house import House
from tests.recount import counted, kept

DIGEST = "205540cab97d4bb929400ad31294276e"


def test_a_key_is_an_hmac_of_the_digest() -> None:
    """RFC 2104, computed here from its definition."""
    secret = bytes(range(32))
    block = secret.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in block) + DIGEST.encode()).digest()
    outer = hashlib.sha256(bytes(each ^ 0x5C for each in block) + inner).hexdigest()
    assert masked(secret, DIGEST) == f"h{outer[:32]}"
    assert outer == hmac.new(secret, DIGEST.encode(), "sha256").hexdigest()


def test_nothing_stays_nothing_and_nothing_is_masked_twice() -> None:
    secret = b"x" * 32
    assert masked(secret, "") == ""
    assert masked(secret, masked(secret, DIGEST)) == masked(secret, DIGEST)
    assert masked(b"y" * 32, DIGEST) != masked(secret, DIGEST)


def test_two_processes_have_one_key_and_two_installations_have_two(tmp_path: Path) -> None:
    made = []
    for name in ("here", "here", "there"):
        database = Database(f"sqlite:///{tmp_path / name}.db")
        upgrade(database)
        made.append(database.mask(DIGEST))
        database.close()
    assert made[0] == made[1] != made[2]


def test_no_row_has_what_an_address_is_guessed_by(database: Database) -> None:
    house = House(database)
    house.send(a_submission(author=ALICE))
    house.check()
    plain = {author_key(ALICE), address_key(ALICE)}
    rows = house.rows("SELECT author_key, address_key, place_key, name_key FROM submissions")
    assert all(str(key).startswith("h") and len(str(key)) == 33 for key in rows[0])
    assert plain.isdisjoint(map(str, rows[0]))
    assert house.rows("SELECT author_key FROM author_counts") == [
        (database.mask(author_key(ALICE)),)
    ]


def test_without_a_key_nobody_is_compared(tmp_path: Path) -> None:
    """It says so, and does not make another one that would tell everybody apart."""
    database = Database(f"sqlite:///{tmp_path / 'none.db'}")
    upgrade(database)
    with database.write() as connection:
        connection.execute(hash_keys.delete())
    with pytest.raises(StorageUnavailableError) as caught:
        database.mask(DIGEST)
    assert caught.value.cause is StorageCause.SCHEMA
    with database.read() as connection:
        assert connection.execute(select(hash_keys)).all() == []
    database.close()


def test_what_an_earlier_version_stored_is_masked_by_the_upgrade(tmp_path: Path) -> None:
    """Keys and counts alike, so that who was known is known."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(database)
    house = House(database)
    house.send(a_submission(author=ALICE))
    house.check()
    command.downgrade(config(database), "0022")
    plain = {"author": author_key(ALICE), "address": address_key(ALICE)}
    with database.write() as connection:
        for table in ("submissions", "author_counts"):
            sql = f"UPDATE {table} SET author_key = :author"  # noqa: S608  # ours
            connection.execute(text(sql), plain)
        connection.execute(text("UPDATE submissions SET address_key = :address"), plain)
    upgrade(database)
    now = Database(f"sqlite:///{tmp_path / 'old.db'}")
    expected = [(now.mask(plain["author"]), now.mask(plain["address"]))]
    assert house.rows("SELECT author_key, address_key FROM submissions") == expected
    assert house.rows("SELECT author_key FROM author_counts") == [(expected[0][0],)]
    assert counted(now) == kept(now)
    assert house.rows("SELECT decided_at, has_addresses, has_words FROM submissions") == [
        (None, 1, 1)
    ]
    for each in (database, now):
        each.close()
