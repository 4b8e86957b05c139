"""What an author may ask for: to see what is kept, and that nothing of it stays."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from moderator.__main__ import main
from moderator.bootstrap.operator import seed_demo
from moderator.domain.ids import new_id
from moderator.domain.ports import Fate, LinkFate
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Linkback, Post, Request, Submission
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.fetching.link_cache import LinkCacheRows
from moderator.storage.intake.authors import AuthorRows
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import metadata
from tests.builders import a_submission
from tests.house import House
from tests.redis_server import RedisServer

NEEDLE = "quixotilda"
EMAIL = f"{NEEDLE}@example.org"
PAGE = f"https://{NEEDLE}.example.net/"
AUTHOR = Author(
    id=NEEDLE, name=f"Quixotilda {NEEDLE}", email=EMAIL, url=PAGE, ip="198.51.100.77",
    user_agent=f"{NEEDLE}/1.0", provider=NEEDLE,
)  # fmt: skip
OTHER = Author(name="Alice", email="alice@example.org", ip="192.0.2.10")


@dataclass
class Service:
    folder: Path
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
        found = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        for key in self.redis.keys("*"):
            found[f"redis {key!r}"] = str(self.redis.dump(key)).encode()
        return found

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

    def with_needle(self) -> list[str]:
        return [
            name for name, content in self.places().items() if NEEDLE.encode() in content.lower()
        ]


@pytest.fixture
def service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer
) -> Iterator[Service]:
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'moderator.db'}")
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    settings = Settings(
        database_url=f"sqlite:///{folder / 'moderator.db'}", redis_url=redis_server.url
    )
    database = Database(settings.database_url)
    upgrade(database)
    client = redis.Redis.from_url(redis_server.url)
    yield Service(folder, House(database), settings, client)
    client.close()
    database.close()


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
    fate = LinkFate(f"{PAGE}p1", Fate.OK, NEEDLE, 200, f"{PAGE}p1", (f"{PAGE}p1",))
    LinkCacheRows(service.house.database).remember([fate], datetime.now(UTC))
    return service


def test_after_an_erasure_nothing_is_left_anywhere(
    past: Service, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
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
