"""Whatever the service asks its database on a working day, it finds by an index.

Shown over a past of 20,000 submissions of which much is hot, on PostgreSQL with statistics, which
it collects by itself; by `make test-all` over 100,000, before statistics are known and after. What
a statement reads is counted too: an index says nothing to who reads all of it.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import metadata
from tests.bulk import store_past
from tests.explain import HOME, PLUMBING, Seeing, Seen, explain, explaining, place_of
from tests.storage.workday import Workday

FEW, MANY = 20_000, 100_000
# What may be read: at all, and more for each value that is asked for. SQLite counts the steps of
# its machine, a few for every column of a row; PostgreSQL counts rows.
READ = {"sqlite": (60_000, 500), "postgresql": (3_500, 12)}
MORE = {
    "history.received.HistoryRows.held": "what waits is compared with a new rule, three thousand"
    " at most",
    "history.received.HistoryRows.newest_decided": "who lets a site decide more may wait",
    "queue.Queue.waiting": "what waits is counted, at most so often that it does not matter",
    "queue.Queue._claim": "at a fair turn the site that floods the queue is passed over",
    "dashboard.held_groups._among_all": "when few texts fill what is held, all of it is grouped",
    "dashboard.held_groups._among_newest": "the newest five hundred are looked at",
    "dashboard.held_groups._counted": "how often a text is held is told exactly",
    "dashboard.log._Walk.step": "what is looked for is walked through, two thousand at a time",
    "dashboard.queries._tallies": "five numbers, each counted to a thousand",
    "dashboard.submission._related": "four groups, each looked at up to a thousand",
    "dashboard.walk.Walk.step": "what is looked for is walked through, four thousand at a time",
    "upkeep.counting.CountingRows._step": "an hour of decisions is counted once, by and by",
    "history.mentions.MentionRows._read": "until PostgreSQL has statistics, a whole site's feed is"
    " walked among all that the site has",
    "upkeep.health.HealthRows._failed": "each reason of all that was tried in vain, for the doctor",
    "upkeep.metrics.MetricRows.levels": "all that waits is counted, at most once a second",
    "upkeep.metrics._one": "all that waits is counted, at most once a second",
    "upkeep.health.HealthRows.health_report": "how much waits is told exactly when it is asked",
}
WHOLE = {"upkeep.health.HealthRows._failed"}  # an operator asks for all that was tried in vain
Kind = Callable[[Path, str], AbstractContextManager[Database]]
SENDING = {"run", "returning", "execute", "scalar", "scalars", "exec_driver_sql"}
# Not of a working day: asked by an operator, or while the service starts.
RARE = {
    "upkeep.clock_set_back.ClockSetBack.mend",
    "audit.AuditRows.lines",
    "audit.AuditRows.people",
    "audit.write_audit",
    "base.masking.Masking.__call__",
    "schema.sites.hash_key_table",
    "people.accounts.AccountRows.all",
    "people.accounts.AccountRows.disable",
    "people.accounts.AccountRows.enable",
    "people.accounts.AccountRows.end_sessions",
    "decisions.deliveries.DeliveryRows.revive",
    "learning.site_models.SiteModelRows.reset",
    "history.approved.ApprovedRows.reverify_now",
    "people.sites.SiteRows.add",
    "people.sites.SiteRows.change",
    "people.sites.SiteRows.rotate",
    "people.sites.SiteRows.set_policy",
    "people.sites.SiteRows.set_retention",
    "people.sites.SiteRows.set_langs",
    "upkeep.health.HealthRows.statuses",
    "upkeep.probe.is_newest",
    "upkeep.removal.RemovalRows._empty",
    "upkeep.removal.RemovalRows._end",
    "upkeep.removal.RemovalRows._remove_piece",
    "upkeep.removal.RemovalRows.remove",
    "upkeep.removal.RemovalRows.submissions_of",
    "upkeep.removal._forget",
    "history.exported.ExportRows.records",
    "history.exported._decisions",
    "history.exported._notes",
    "history.received.HistoryRows.plain_errors",
    "intake.authors.AuthorRows._personal",
    "intake.authors.AuthorRows.find",
    "intake.authors.AuthorRows.named_in",
    "intake.authors.AuthorRows.scrub",
    "intake.authors._empty_log",
    "intake.authors._forget_samples",
    "intake.authors._rewrite",
    "intake.imports.ImportRows._add",
    "intake.imports.ImportRows._latest",
    "intake.imports.ImportRows._store",
    "intake.imports.ImportRows.begin",
    "intake.imports.ImportRows.finish",
    "intake.imports.ImportRows.state",
    "intake.imports._known",
    "people.sites.SiteRows.set_signature",
    "upkeep.backup.Backups._prepare",
    "upkeep.backup.Backups._stand_still",
    "upkeep.backup.Backups._write_rows",
    "upkeep.backup.Backups.restore",
    "upkeep.backup._Restoring._write",
    "upkeep.backup._count_on",
    "upkeep.backup._empty",
}


@contextmanager
def sqlite(folder: Path, _url: str) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder / 'past.db'}", synchronous="OFF")
    upgrade(database)
    yield database
    database.close()


@contextmanager
def postgres(_folder: Path, url: str) -> Iterator[Database]:
    """A database of its own, where nobody collects statistics meanwhile."""
    name = f"past_{uuid4().hex}"
    server = create_engine(make_url(url).set(drivername="postgresql+psycopg")).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        database = Database(make_url(url).set(database=name).render_as_string(hide_password=False))
        upgrade(database)
        with database.write() as ours:
            for table in metadata.tables:
                ours.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
        yield database
        database.close()
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", [sqlite, postgres])
def test_everything_is_looked_up_by_an_index(
    kind: Kind, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if kind is postgres else ""
    with kind(tmp_path, url) as database:
        past = store_past(database, FEW)
        if kind is postgres:
            analyze(database)
        with explaining(database) as seen:
            Workday(database, past, "aa").all()
    assert wrong(seen) == []
    if kind is postgres:  # it is asked everything that SQLite is asked, and for locks
        assert sorted(senders() - RARE - seen.senders) == []


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", [sqlite, postgres])
def test_without_statistics_and_with_many_as_well(
    kind: Kind, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if kind is postgres else ""
    with kind(tmp_path, url) as database:
        past = store_past(database, MANY)
        with explaining(database) as before:
            Workday(database, past, "aa").all()
        analyze(database)
        with explaining(database) as after:
            Workday(database, past, "bb").all()
    assert wrong(before) == []
    assert wrong(after) == []


def analyze(database: Database) -> None:
    with database.write() as connection:
        if database.is_postgres:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("ANALYZE"))
    database.engine.dispose()  # SQLite reads statistics when it opens a database


def wrong(seeing: Seeing) -> list[str]:
    limit = READ[seeing.database.engine.dialect.name]
    return [str(seen) for seen in seeing.every if is_wrong(seen, *limit)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM submissions WHERE digest = 'x'",
        "SELECT count(*) FROM decisions",
        "DELETE FROM queue WHERE findings = 'x' OR lane = 'x'",
        "UPDATE deliveries SET tries = 0 WHERE last_error = 'x'",
    ],
)
def test_what_reads_a_whole_table_is_seen(database: Database, sql: str) -> None:
    with database.write() as connection:
        assert explain(connection, sql, ())[0]


def test_what_is_found_by_an_index_is_not(database: Database) -> None:
    with database.write() as connection:
        for sql in (
            "SELECT id FROM submissions WHERE id = 'x'",
            "SELECT id FROM submissions WHERE status = 'hold'",
            "SELECT id FROM sites",
        ):
            assert explain(connection, sql, ())[0] == ()


def is_wrong(seen: Seen, base: int, each: int) -> bool:
    is_much = seen.work > base + each * seen.given and seen.sender not in MORE
    has_fault = bool(seen.faults) and seen.sender not in WHOLE
    return has_fault or is_much


def senders() -> set[str]:
    """Every function of moderator/storage that sends a statement."""
    found = set()
    paths = (path for path in HOME.rglob("*.py") if "migrations" not in path.parts)
    for path in (path for path in paths if place_of(path) not in PLUMBING):
        for name, function in functions(ast.parse(path.read_text())):
            calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            if any(isinstance(call, ast.Attribute) and call.attr in SENDING for call in calls):
                found.add(f"{place_of(path)}.{name}")
    return found


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield f"{prefix}{node.name}", node
