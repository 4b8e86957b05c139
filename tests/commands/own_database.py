"""A service on a database that nothing else was ever in, and the folder of its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import redis
from sqlalchemy import create_engine, make_url, text

from moderator.bootstrap.operator import seed_demo
from moderator.domain.ids import new_id
from moderator.domain.submission import Author, Request, Submission
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.schema.tables import metadata
from tests.builders import a_submission
from tests.house import House

NEEDLE = "quixotilda"
EMAIL = f"{NEEDLE}@example.org"
PAGE = f"https://{NEEDLE}.test/"
AUTHOR = Author(
    id=NEEDLE, name=f"Quixotilda {NEEDLE}", email=EMAIL, url=PAGE, ip="198.51.100.77",
    user_agent=f"{NEEDLE}/1.0", provider=NEEDLE,
)  # fmt: skip
OTHER = Author(name="Alice", email="alice@example.org", ip="192.0.2.10")


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
