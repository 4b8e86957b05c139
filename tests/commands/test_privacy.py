"""What an author may ask for: to see what is kept, and that nothing of it stays."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from sqlalchemy import LargeBinary, Text, create_engine, make_url, text

from moderator.__main__ import main
from moderator.bootstrap.operator import seed_demo
from moderator.domain.ids import new_id
from moderator.domain.policy import Policy
from moderator.domain.ports import Fate, LinkFate
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Linkback, Post, Request, Submission
from moderator.domain.timing.retention import Retention
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.fetching.link_cache import LinkCacheRows
from moderator.storage.intake.authors import AuthorRows
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import metadata
from moderator.storage.upkeep.retention import RetentionRows
from tests.builders import a_submission
from tests.house import House
from tests.redis_server import RedisServer

NEEDLE = "quixotilda"
EMAIL = f"{NEEDLE}@example.org"
PAGE = f"https://{NEEDLE}.test/"
AUTHOR = Author(
    id=NEEDLE, name=f"Quixotilda {NEEDLE}", email=EMAIL, url=PAGE, ip="198.51.100.77",
    user_agent=f"{NEEDLE}/1.0", provider=NEEDLE,
)  # fmt: skip
OTHER = Author(name="Alice", email="alice@example.org", ip="192.0.2.10")

FILL = """
UPDATE submissions SET earlier = payload, edited_as = '{needle}', blog_decided_as = '{needle}',
  feedback = '{needle}' WHERE id IN ({ours});
UPDATE decisions SET decider_name = '{needle}' WHERE submission_id IN ({ours});
UPDATE deliveries SET last_error = '{needle}', url = 'https://{needle}.test/'
  WHERE submission_id IN ({ours});
INSERT INTO queue (job, subject_id, site_id, due_at, lane, findings)
  SELECT 'ask', id, site_id, 1, 'blog {needle}', '["{needle}"]' FROM submissions
  WHERE id IN ({ours});
INSERT INTO notes (id, site_id, submission_id, words, written_at)
  VALUES ('note', 'blog', '{first}', 'I know {needle}.', 1);
INSERT INTO fetch_accounts (name, until) VALUES ('relay {needle}.test', 1);
UPDATE campaign_sites SET hosts = '{{"{needle}.test": 9}}';
UPDATE campaign_members SET hosts = '["{needle}.test"]' WHERE submission_id IN ({ours});
UPDATE lessons SET text = '{needle}' WHERE submission_id IN ({ours})
"""
# Every other column that can hold words: why none of an author's stand in it, or why they stay.
KEPT = {
    "an id, or a word of ours": {
        "submissions": "id site_id platform_id kind status decided_by duplicate_of decided_status"
        " bound_by heard_status heard_duplicate_of campaign_id",
        "decisions": "id submission_id site_id verdict previous_status decided_by decider_id"
        " duplicate_of act",
        "deliveries": "id site_id submission_id decision_id event state",
        "queue": "job subject_id site_id token",
        "search_words": "submission_id",
        "phrases": "submission_id",
        "host_rulings": "site_id submission_id",
        "host_counts": "site_id",
        "author_counts": "site_id status",
        "lessons": "submission_id site_id",
        "link_memory": "fate",
        "campaigns": "id",
        "campaign_sites": "campaign_id site_id first_id",
        "campaign_members": "submission_id campaign_id site_id how relative_id",
        "campaign_counts": "site_id campaign_id",
        "decision_counts": "site_id verdict decided_by machine_said",
        "counted": "name",
        "claims": "line moderator_id",
        "advance_rulings": "id campaign_id site_id verdict moderator_id act",
        "notes": "id site_id submission_id moderator_id",
        "rules": "id site_id state",
        "rule_counts": "rule_id verdict",
        "rule_log": "rule_id site_id by_id",
        "imports": "site_id digest format counts",
        "intake_keys": "site_id submission_id",
        "pulse": "name",
    },
    "a hash, or numbers, which go with the row": {
        "submissions": "digest text_key author_key place_key address_key name_key target_key",
        "author_counts": "author_key",
        "lessons": "trace",
        "site_layers": "site_id basis state",
        "intake_keys": "digest",
    },
    "how the blog's software calls a request; kept for seven days": {"intake_keys": "key"},
    "what owners and moderators said of themselves and of their blogs": {
        "sites": "id name url hosts platform callback_url signature_profile signature_header"
        " akismet_key allowed_addresses source_addresses langs retention",
        "moderators": "id name password role mail",
        "moderator_sites": "moderator_id site_id",
        "login_links": "digest moderator_id",
        "sessions": "digest moderator_id csrf address agent",
        "digests": "moderator_id site_id told",
        "site_secrets": "site_id value",
        "api_keys": "site_id prefix digest",
        "akismet_keys": "value site_id",
        "akismet_counts": "site_id blog",
        "wordpress_blogs": "site_id url username password recent_id held_id error",
        "hash_keys": "name value",
        "claims": "moderator_name",
        "advance_rulings": "moderator_name revoked_by",
        "notes": "moderator_name",
        "rule_log": "by_name",
    },
    "where people name somebody on purpose, of which the command tells": {
        "sites": "policy",
        "rules": "payload",
        "rule_log": "before after",
    },
    "ids of examples, which lead to a tombstone": {"rules": "dry_run"},
}


@dataclass
class Service:
    folder: Path  # of all files that hold the database
    house: House
    settings: Settings
    redis: redis.Redis

    def send(self, number: int, author: Author = AUTHOR, **changes: object) -> Submission:
        now = datetime.now(UTC)
        words = (
            f"{NEEDLE} writes here what nobody else would write, number {number}: {PAGE}p{number}"
        )
        sent = a_submission(
            words if author is AUTHOR else f"Alice says something of her own, number {number}.",
            id=new_id(now, number.to_bytes(10, "big")),
            platform_id=str(number),
            author=author,
            received_at=now,
            request=Request(referrer=PAGE) if author is AUTHOR else Request(),
            ext={"note": NEEDLE} if author is AUTHOR else {},
        )
        sent = replace(sent, **changes)  # type: ignore[arg-type]  # named by the test
        seed_demo(self.settings, [sent])
        return sent

    def places(self) -> dict[str, bytes]:
        """Whatever there is, as bytes: the files of the database, and each key of Redis."""
        if self.house.database.is_postgres:
            self._checkpoint()
        found = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        for key in self.redis.keys("*"):
            found[f"redis {key!r}"] = str(self.redis.dump(key)).encode()
        return found

    def _checkpoint(self) -> None:
        """Have PostgreSQL write to its files what it has in memory."""
        with self.house.database.engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            raw.exec_driver_sql("SET statement_timeout = 0")
            raw.exec_driver_sql("CHECKPOINT")

    def rows_with_needle(self) -> list[str]:
        """The same by the columns of tables, so that a failure says where it is."""
        found = []
        with self.house.database.read() as connection:
            for table in metadata.sorted_tables:
                for row in connection.execute(table.select()).mappings():
                    found += [
                        f"{table.name}.{column}: {value!r}"[:300]
                        for column, value in row.items()
                        if NEEDLE in str(value).lower()
                    ]
        return found

    def columns_with_needle(self) -> set[str]:
        return {found.partition(":")[0] for found in self.rows_with_needle()}

    def with_needle(self) -> list[str]:
        return [
            name for name, content in self.places().items() if NEEDLE.encode() in content.lower()
        ]


@contextmanager
def own_postgres(url: str) -> Iterator[str]:
    """A database that nothing else was ever in."""
    name = f"private_{uuid4().hex}"
    server = create_engine(make_url(url).set(drivername="postgresql+psycopg")).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def folder_of(database: Database, tmp_path: Path) -> Path:
    if not database.is_postgres:
        return tmp_path / "var"
    where = "SELECT current_setting('data_directory'), oid FROM pg_database"
    with database.read() as connection:
        sql = f"{where} WHERE datname = current_database()"
        data, oid = connection.exec_driver_sql(sql).one()
    return Path(data) / "base" / str(oid)


@pytest.fixture(params=["sqlite", "postgres"])
def own_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "var").mkdir()
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'var' / 'moderator.db'}"
        return
    with own_postgres(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture
def service(
    own_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer
) -> Iterator[Service]:
    monkeypatch.setenv("DATABASE_URL", own_url)
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    settings = Settings(database_url=own_url, redis_url=redis_server.url)
    database = Database(settings.database_url)
    upgrade(database)
    client = redis.Redis.from_url(redis_server.url)
    yield Service(folder_of(database, tmp_path), House(database), settings, client)
    client.close()
    database.close()


def fill(service: Service, ids: list[str]) -> None:
    """Put the needle wherever something of the author's may stand, beside what stands there."""
    ours = ", ".join(f"'{id_}'" for id_ in ids)
    with service.house.database.write() as connection:
        for sql in FILL.format(ours=ours, needle=NEEDLE, first=ids[0]).split(";"):
            connection.exec_driver_sql(sql)


@pytest.fixture
def past(service: Service) -> Service:
    """Comments of two authors: judged, gathered, decided by a person, learned from, linked."""
    ours = [service.send(number) for number in range(1, 5)]
    source = Linkback(
        "pingback",
        f"{PAGE}about",
        "https://blog.example.org/2026/03/the-river",
        NEEDLE,
        NEEDLE,
        f"<p>{NEEDLE}</p>",
    )
    ours.append(
        service.send(5, kind=pingback.KIND, linkback=source, post=Post(url=PAGE, title=NEEDLE))
    )
    service.send(20, OTHER)
    for one, verdict in ((ours[0], Verdict.SPAM), (ours[1], Verdict.APPROVE)):
        rows = service.house.rows(f"SELECT sequence FROM submissions WHERE id = '{one.id}'")  # noqa: S608  # ours
        service.house.moderate(one.id, verdict, seen=int(str(rows[0][0])))
    service.house.hurry(Job.TRAIN_SITE_MODEL)
    service.house.learn()
    fill(service, [one.id for one in ours])
    fate = LinkFate(f"{PAGE}p1", Fate.OK, NEEDLE, 200, f"{PAGE}p1", (f"{PAGE}p1",))
    LinkCacheRows(service.house.database).remember([fate], datetime.now(UTC))
    return service


def can_hold_words() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text | LargeBinary)
    }


def test_every_column_is_cleared_or_named_with_a_reason(past: Service) -> None:
    """A new column belongs to what the needle is put in, or to what is named above."""
    kept = {
        f"{table}.{column}"
        for tables in KEPT.values()
        for table, columns in tables.items()
        for column in columns.split()
    }
    holding = past.columns_with_needle()
    assert holding & kept == set()
    assert can_hold_words() - holding - kept == set()
    assert kept - can_hold_words() == set()
    assert main(["privacy", "erase", "--site", "blog", "--email", EMAIL]) == 0
    assert past.columns_with_needle() == set()
    names = metadata.tables["submissions"].c.keys()
    stones = past.house.rows(
        f"SELECT {', '.join(names)} FROM submissions WHERE status = 'erased'"  # noqa: S608  # ours
    )
    for stone in stones:
        row = dict(zip(names, stone, strict=True))
        words = {name for name, value in row.items() if isinstance(value, str) and value}
        assert words == {"id", "site_id", "platform_id", "status"}


def test_after_an_erasure_nothing_is_left_anywhere(
    past: Service, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with past.house.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")  # a database keeps samples of what columns hold
    assert past.with_needle() != []
    assert past.house.rows("SELECT count(*) FROM lessons") == [(2,)]
    assert main(["privacy", "erase", "--site", "blog", "--email", EMAIL.upper()]) == 0
    assert capsys.readouterr().out == "5 submissions erased.\n"
    assert past.rows_with_needle() == []
    assert past.with_needle() == []
    assert NEEDLE not in caplog.text.lower()
    assert past.house.rows("SELECT count(*) FROM submissions WHERE status <> 'erased'") == [(1,)]
    assert past.house.rows("SELECT count(*) FROM lessons") == [(0,)]
    assert main(["privacy", "export", "--site", "blog", "--email", EMAIL]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("past")
def test_an_export_has_all_of_one_author_and_nothing_of_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert main(["privacy", "export", "--site", "blog", "--email", EMAIL]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 5
    assert {row["submission"]["author"]["email"] for row in rows} == {EMAIL}
    assert rows[0]["decisions"][-1]["verdict"] == "spam"
    assert "Alice" not in json.dumps(rows)


@pytest.mark.usefixtures("past")
def test_an_address_counts_beside_an_e_mail_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    asked = ["privacy", "export", "--site", "blog", "--ip", AUTHOR.ip]
    assert main(asked) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main([*asked, "--email", OTHER.email]) == 0
    assert capsys.readouterr().out == ""


def test_who_is_known_by_a_hash_alone_is_found_too(
    past: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    """The addresses were taken away in time; whoever asks gives the same again."""
    database = past.house.database
    with database.write() as connection:  # nothing waits for anybody, and all is old
        connection.exec_driver_sql("UPDATE deliveries SET state = 'delivered'")
        connection.exec_driver_sql("DELETE FROM queue")
        connection.exec_driver_sql("UPDATE submissions SET decided_at = 1, listed = 0")
        connection.exec_driver_sql("UPDATE submissions SET status = 'trash' WHERE status = 'hold'")
    rows = RetentionRows(database, past.house.sites.all, Retention(addresses=1, words=0, pages=0))
    while rows.apply():
        pass
    assert EMAIL.encode() not in str(past.house.rows("SELECT payload FROM submissions")).encode()
    capsys.readouterr()
    asked = ["--site", "blog", "--email", f" {EMAIL.upper()}"]
    assert main(["privacy", "export", *asked]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["privacy", "erase", "--no-rewrite", *asked, "--ip", AUTHOR.ip]) == 0
    assert capsys.readouterr().out == "5 submissions erased.\n"
    assert past.columns_with_needle() == set()


def test_where_people_name_the_author_is_told(
    past: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    past.house.sites.set_policy("blog", Policy(denylist=(EMAIL.upper(),)))
    past.house.sites.set_policy("other", Policy(denylist=(AUTHOR.ip,)))
    capsys.readouterr()
    erase = ["privacy", "erase", "--no-rewrite", "--site", "blog"]
    assert main([*erase, "--email", EMAIL]) == 0
    named = "People named this author on purpose, which stays: the denylist or allowlist.\n"
    assert capsys.readouterr().out == f"5 submissions erased.\n{named}"
    assert main([*erase, "--ip", AUTHOR.ip]) == 0
    assert capsys.readouterr().out == "0 submissions erased.\n"


def test_what_was_taken_away_in_time_is_scrubbed(service: Service) -> None:
    """Deleted rows leave their bytes in free pages."""
    database = service.house.database
    with database.write() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO link_memory (url, checked_at, expires_at) VALUES ('{NEEDLE}', 1, 1)"  # noqa: S608
        )
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM link_memory")
    assert main(["privacy", "scrub"]) == 0
    assert service.with_needle() == []


def test_free_pages_and_the_log_are_emptied(tmp_path: Path) -> None:
    """Also where SQLite was built to leave what was deleted in its place."""
    path = tmp_path / "some.db"
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        for sql in (
            "PRAGMA secure_delete=OFF",
            "CREATE TABLE some (thing TEXT)",
            f"INSERT INTO some VALUES ('{NEEDLE}')",  # noqa: S608  # ours
            "DELETE FROM some",
            "PRAGMA wal_checkpoint",
        ):
            driver.execute(sql)  # type: ignore[union-attr]  # a sqlite3.Connection
    assert NEEDLE.encode() in path.read_bytes()
    assert AuthorRows(database).scrub()
    left = [file.name for file in tmp_path.iterdir() if NEEDLE.encode() in file.read_bytes()]
    database.close()
    assert left == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--site", "nowhere", "--email", EMAIL], "There is no site 'nowhere'"),
        (["--site", "blog"], "Say whose it is"),
    ],
)
@pytest.mark.usefixtures("service")
def test_what_nobody_can_mean_is_refused(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["privacy", "erase", *words]) == 1
    assert problem in capsys.readouterr().err
