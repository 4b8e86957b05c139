import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.comments import MARK
from benchmarks.multiply import NEWEST, multiply
from moderator.domain.content.fingerprint import digest
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.ids import new_id
from moderator.domain.submission import Author
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.intake.accept import rules
from tests.builders import a_site, a_submission

JUDGED, AUTHORS, COPIES = 12, 4, 25
DECISION = text(
    "INSERT INTO decisions (id, submission_id, site_id, sequence, score, hold_at, spam_at,"
    " policy_version, findings, decided_at)"
    " SELECT id || '-1', id, site_id, 1, 0.1, 0.4, 0.9, 1, '[]', received_at FROM submissions"
)
DELIVERY = text(
    "INSERT INTO deliveries (id, site_id, submission_id, decision_id, body, created_at,"
    " finished_at) SELECT 'msg_' || id, site_id, id, id || '-1', :body, received_at,"
    " CASE WHEN platform_id LIKE '1%' THEN 0 ELSE received_at END FROM submissions"
)


def judge_some(database: Database) -> None:
    """As if a service had judged a few comments of a few authors just now."""
    now = datetime.now(UTC)
    SiteRows(database).add(a_site(), key_prefix="mod_m", key_digest="m", now=now)
    IntakeRows(database).add(
        [
            Arrival(
                Event.CREATED,
                a_submission(
                    f"The river rose again, wrote reader {n}. Letter {n}-{MARK}.",
                    id=new_id(now, os.urandom(10)),
                    platform_id=f"{n}-{MARK}",
                    author=Author(name="R", email=f"r{n % AUTHORS}@example.org"),
                    created_at=now,
                    received_at=now,
                ),
                digest(str(n)),
                key=f"key-{n}",
            )
            for n in range(JUDGED)
        ],
        rules(SiteRows(database)),
    )
    with database.write() as connection:
        connection.execute(DECISION)
        connection.execute(DELIVERY, {"body": b"{}"})
    database.close()  # as a service that was stopped


def count(database: Database, of: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(f"SELECT count({of}")).scalar_one())


def test_every_row_about_a_submission_is_there_as_many_times(database_url: str) -> None:
    database = Database(database_url)
    judge_some(database)
    assert multiply(database_url, COPIES) == JUDGED * COPIES
    for column in ("id", "platform_id", "digest", "text_key"):
        assert count(database, f"DISTINCT {column}) FROM submissions") == JUDGED * COPIES
    assert count(database, "DISTINCT author_key) FROM submissions") == AUTHORS
    for table, column in (("decisions", "submission_id"), ("deliveries", "submission_id")):
        found = f"DISTINCT s.id) FROM {table} t JOIN submissions s ON s.id = t.{column}"
        assert count(database, found) == JUDGED * COPIES
        assert count(database, f"*) FROM {table}") == JUDGED * COPIES
    joined = "*) FROM deliveries t JOIN decisions d ON d.id = t.decision_id"
    assert count(database, joined) == JUDGED * COPIES
    assert count(database, "*) FROM queue") == 0
    assert count(database, "*) FROM intake_keys") == 0
    assert count(database, "*) FROM sites") == 1
    database.close()


def test_copies_are_older_than_near_copies_are_remembered(database_url: str) -> None:
    database = Database(database_url)
    judge_some(database)
    multiply(database_url, COPIES)
    latest = int(time.time() * 1000) - NEWEST + 60_000
    with database.read() as connection:
        rows = connection.execute(text("SELECT id, received_at, payload FROM submissions")).all()
        finished = connection.execute(text("SELECT finished_at FROM deliveries")).scalars().all()
    assert max(received for _, received, _ in rows) < latest
    assert max(int(id_[:12], 16) for id_, _, _ in rows) < latest
    assert finished.count(0) == 3 * COPIES  # never stays never
    assert 0 < sorted(finished)[3 * COPIES] <= max(finished) < latest
    payloads = [json.loads(payload) for _, _, payload in rows]
    assert [one["id"] for one in payloads] == [id_ for id_, _, _ in rows]
    assert len({one["text"] for one in payloads}) == len(rows)
    database.close()


def test_indexes_are_back(database_url: str) -> None:
    database = Database(database_url)
    where = "pg_indexes" if database.is_postgres else "sqlite_master WHERE type = 'index'"
    before = count(database, f"*) FROM {where}")
    judge_some(database)
    multiply(database_url, 2)
    assert count(database, f"*) FROM {where}") == before
    database.close()


@pytest.fixture
def lite(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    upgrade(database)
    judge_some(database)
    return database


def test_what_is_counted_of_authors_grows_with_them(lite: Database) -> None:
    with lite.write() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE histories AS SELECT author_key AS author, 'a' AS kind, 3 AS approved,"
            " max(received_at) AS last_at FROM submissions GROUP BY author_key"
        )
    lite.close()
    multiply(str(lite.engine.url), COPIES)
    assert count(lite, f"*) FROM histories WHERE approved = {3 * COPIES} AND kind = 'a'") == AUTHORS
    fortnight_ago = int(time.time() * 1000) - NEWEST
    assert count(lite, f"*) FROM histories WHERE last_at < {fortnight_ago}") == AUTHORS
    assert count(lite, "*) FROM histories") == AUTHORS
    lite.close()


def test_a_table_whose_key_would_repeat_is_named(lite: Database) -> None:
    with lite.write() as connection:
        connection.exec_driver_sql("CREATE TABLE odd (name TEXT PRIMARY KEY, about TEXT)")
        connection.exec_driver_sql("INSERT INTO odd SELECT 'x', id FROM submissions LIMIT 1")
    lite.close()
    with pytest.raises(LookupError, match="odd would share name"):
        multiply(str(lite.engine.url), COPIES)
    lite.close()
