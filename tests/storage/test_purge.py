"""What has had its time goes, what has not stays."""

from datetime import timedelta

from sqlalchemy import insert, select

from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.schema.tables import intake_keys, link_memory
from moderator.storage.upkeep import purge
from moderator.storage.upkeep.purge import PurgeRows


def test_only_what_is_too_old_goes(database: Database) -> None:
    now = database.now()
    ages = {"old": timedelta(days=8), "young": timedelta(days=6)}
    with database.write() as connection:
        for key, age in ages.items():
            connection.execute(
                insert(intake_keys).values(site_id="s", key=key, received_at=to_ms(now - age))
            )
        for url, left in (("gone", timedelta(hours=-1)), ("kept", timedelta(hours=1))):
            connection.execute(
                insert(link_memory).values(
                    url=url, checked_at=to_ms(now), expires_at=to_ms(now + left)
                )
            )
    assert PurgeRows(database).purge() == 2
    with database.read() as connection:
        assert connection.scalars(select(intake_keys.c.key)).all() == ["young"]
        assert connection.scalars(select(link_memory.c.url)).all() == ["kept"]


def test_more_than_one_piece_goes(database: Database) -> None:
    old = to_ms(database.now() - timedelta(days=30))
    rows = [{"site_id": "s", "key": str(n), "received_at": old} for n in range(purge.PIECE + 5)]
    with database.write() as connection:
        connection.execute(insert(intake_keys), rows)
    assert PurgeRows(database).purge() == purge.PIECE + 5
