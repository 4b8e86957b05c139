"""A PostgreSQL behind a pooler of transactions, and one that lets nobody in."""

from collections.abc import Iterator

import pytest

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base.database import Database
from tests.redis_server import free_port

CHOSEN = "SELECT current_setting('statement_timeout'), current_setting('enable_seqscan')"
PREPARED = "SELECT count(*) FROM pg_prepared_statements"


@pytest.fixture
def pooled(postgres_url: str) -> Iterator[Database]:
    mark = "&" if "?" in postgres_url else "?"
    database = Database(f"{postgres_url}{mark}pooling=transaction")
    yield database
    database.close()


def test_behind_a_pooler_each_transaction_says_what_it_wants(pooled: Database) -> None:
    assert pooled.is_pooled
    with pooled.read() as connection:
        assert tuple(connection.exec_driver_sql(CHOSEN).one()) == ("5s", "off")
    driver = pooled.engine.raw_connection()
    try:
        cursor = driver.cursor()
        cursor.execute(CHOSEN)
        assert cursor.fetchone() == ("0", "on")  # nothing is left for the session's next owner
    finally:
        driver.close()


@pytest.mark.parametrize(("kind", "count"), [("pooled", 0), ("postgres", 1)])
def test_only_an_own_session_keeps_prepared_statements(
    kind: str, count: int, request: pytest.FixtureRequest
) -> None:
    database: Database = request.getfixturevalue(kind)
    with database.read() as connection:
        for number in range(6):
            connection.exec_driver_sql("SELECT %(number)s::int + 1", {"number": number})
        assert connection.exec_driver_sql(PREPARED).scalar_one() == count


def test_of_two_servers_the_one_that_answers_is_taken(postgres_url: str) -> None:
    address, _, query = postgres_url.partition("?")
    folder = query.removeprefix("host=")
    if not folder.startswith("/"):
        pytest.skip("this PostgreSQL is not reached through a socket")
    both = f"host=127.0.0.1:{free_port()}&host={folder}:5432"
    database = Database(f"{address}?{both}&target_session_attrs=read-write")
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    database.close()


def test_who_is_not_let_in_is_told_why() -> None:
    database = Database(f"postgresql://us:secret@127.0.0.1:{free_port()}/there")
    with pytest.raises(StorageUnavailableError) as raised, database.read():
        pass
    assert raised.value.cause is StorageCause.SILENT
    assert "Connection refused" in raised.value.why
    assert "secret" not in raised.value.why
    assert str(raised.value) == "The database does not answer"  # as anybody may be told


def test_what_is_said_of_a_statement_is_not_told(postgres: Database) -> None:
    with pytest.raises(StorageUnavailableError) as raised, postgres.read() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'somebody@example.org' USING ERRCODE = '53100'; END $$"
        )
    assert raised.value.why == ""
