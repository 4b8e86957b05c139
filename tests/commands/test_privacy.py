"""What an author may ask for: to see what is kept, and that nothing of it stays."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from moderator.__main__ import main
from moderator.domain.policy import Policy
from moderator.domain.ports import Fate, LinkFate
from moderator.domain.queue import Job
from moderator.domain.submission import Linkback, Post
from moderator.domain.timing.retention import Retention
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.fetching.link_cache import LinkCacheRows
from moderator.storage.intake.authors import AuthorRows
from moderator.storage.schema.tables import metadata
from moderator.storage.upkeep.retention import RetentionRows
from tests.commands.author_facts import FILL, can_hold_words, kept
from tests.commands.own_database import (
    AUTHOR,
    EMAIL,
    NEEDLE,
    OTHER,
    PAGE,
    Service,
    folder_of,
    own_postgres,
)
from tests.databases import fresh
from tests.house import House
from tests.redis_server import RedisServer


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
    fresh(database)
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


def test_every_column_is_cleared_or_named_with_a_reason(past: Service) -> None:
    """A new column belongs to what the needle is put in, or to what is named above."""
    holding = past.columns_with_needle()
    assert holding & kept() == set()
    assert can_hold_words() - holding - kept() == set()
    assert kept() - can_hold_words() == set()
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
    assert [note["words"] for note in rows[0]["notes"]] == [f"I know {NEEDLE}."]
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


def test_redis_is_never_told_what_somebody_wrote(service: Service) -> None:
    """Hints carry a job's name, the index of near copies numbers: all that is sent is looked at."""
    with service.redis.monitor() as monitor:  # type: ignore[no-untyped-call]  # redis says no type
        for number in range(1, 4):
            service.send(number)
        service.redis.echo("that was all")
        sent = []
        for told in monitor.listen():
            sent.append(str(told["command"]))
            if "that was all" in sent[-1]:
                break
    assert any("check" in each for each in sent)
    assert [each for each in sent if NEEDLE in each.lower()] == []


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
