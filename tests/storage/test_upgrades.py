"""From every schema that ever was the way leads to the newest, and the service works on it.

On SQLite from three and used, on PostgreSQL from the first; by `make test-all` from all on both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from moderator.bootstrap.services import build_services
from moderator.bootstrap.worker import build_worker
from moderator.domain.queue import Job
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import is_current, upgrade
from moderator.storage.schema.partial import with_conditions
from moderator.storage.schema.tables import metadata
from moderator.storage.upkeep.probe import is_newest
from moderator.web import create_app
from tests.marks import long_but
from tests.storage.older import (
    APPROVED,
    COOKIE,
    HELD_WORDS,
    KEY,
    QUEUED,
    count_rows,
    make_older,
    revisions,
)
from tests.web.desk import words
from tests.web.lab import an_event

ALL = revisions(Database("sqlite://"))


@pytest.mark.parametrize("revision", long_but(ALL, ALL[0], ALL[len(ALL) // 2], ALL[-1]))
def test_from_every_schema_on_sqlite(revision: str, tmp_path: Path) -> None:
    _upgrade_and_use(f"sqlite:///{tmp_path / 'older.db'}", revision, tmp_path)


@pytest.mark.parametrize("revision", long_but(ALL, ALL[0]))
def test_from_every_schema_on_postgres(revision: str, postgres_url: str, tmp_path: Path) -> None:
    with _another_database(postgres_url, f"from_{revision}") as url:
        _upgrade_and_use(url, revision, tmp_path)


@contextmanager
def _another_database(postgres_url: str, name: str) -> Iterator[str]:
    server = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield server.set(drivername="postgresql", database=name).render_as_string(
            hide_password=False
        )
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def _upgrade_and_use(url: str, revision: str, folder: Path) -> None:
    database = Database(url)
    before = make_older(database, revision)
    assert not is_current(database)
    assert not is_newest(database)
    upgrade(database)
    assert is_current(database)
    assert is_newest(database)
    with database.read() as connection:
        after = count_rows(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, with_conditions(metadata)) == []
    assert {name: after.get(name) for name in before} == before
    _use(url, folder)
    with database.read() as connection:
        judged = connection.exec_driver_sql(
            f"SELECT status FROM submissions WHERE id = '{QUEUED}'"  # noqa: S608  # our own
        ).scalar_one()
    database.close()
    assert judged in {"approved", "hold"}


def _use(url: str, folder: Path) -> None:
    """Send, judge, look and doctor, with what was given out by the earlier version."""
    settings = Settings.from_environment({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    services = build_services(settings)
    client = create_app(services).test_client()
    keyed = {"Authorization": f"Bearer {KEY}"}
    sent = client.post("/v1/submissions", json=an_event("old", "77"), headers=keyed)
    assert sent.status_code == 202, sent.text
    worker = build_worker(settings)
    worker.drains[Job.CHECK_LOCAL]()
    worker.close()
    for id_ in (_json(sent)["id"], APPROVED):
        shown = client.get(f"/v1/submissions/{id_}", headers=keyed)
        assert _json(shown)["status"] in {"approved", "hold"}, shown.text
    client.set_cookie("moderator-session", COOKIE)
    for page in (
        "/queue",
        "/log",
        "/stats",
        "/sites",
        "/people",
        "/rules",
        f"/submissions/{APPROVED}",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, (page, answer.text)
    assert HELD_WORDS in words(client.get("/queue"))
    services.close()


def _json(answer: TestResponse) -> dict[str, str]:
    assert isinstance(answer.json, dict)
    return answer.json
