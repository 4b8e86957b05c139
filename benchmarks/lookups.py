"""How long look-ups take as the past grows: `python -m benchmarks.lookups [COUNT ...]`.

One author's history, that of an author with a tenth of all, and fifty submissions judged, on SQLite
and PostgreSQL, before the database knows statistics and after. Milliseconds, the best of ROUNDS.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from moderator.checks import LOCAL
from moderator.domain.content.fingerprint import author_key
from moderator.domain.submission import Author, Submission
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from tests.builders import NOON, a_submission
from tests.bulk import HOT, HOT_TEXT, store_past
from tests.databases import postgres_server
from tests.house import House

ROUNDS = 15
BATCH = 50
COUNTS = (1_000, 10_000, 100_000)


def main(counts: list[int]) -> None:
    print("database,stored,statistics,history_ms,hot_history_ms,batch_ms")
    for count in counts:
        with sqlite() as database:
            measure(database, count)
    for count in counts:
        with postgres() as database:
            measure(database, count)


@contextmanager
def sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'past.db'}", synchronous="NORMAL")
        upgrade(database)
        yield database
        database.close()


@contextmanager
def postgres() -> Iterator[Database]:
    with postgres_server() as url:
        database = Database(url)
        upgrade(database)
        with database.write() as connection:  # nobody shall collect statistics meanwhile
            names = connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).all()
            for (name,) in names:
                connection.execute(text(f"ALTER TABLE {name} SET (autovacuum_enabled = false)"))
        yield database
        database.close()


def measure(database: Database, count: int) -> None:
    house = Bench(database)
    store_past(database, count)
    with database.write() as connection:  # only what comes now is judged
        connection.execute(text("DELETE FROM queue WHERE job IN ('check', 'reach')"))
    for name in ("none", "fresh"):
        if name == "fresh":
            with database.write() as connection:
                if database.is_postgres:
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("ANALYZE"))
            database.engine.dispose()
        kind = "postgresql" if database.is_postgres else "sqlite"
        usual = took(lambda: house.store.histories([("blog", "author-7")], NOON))
        hot = took(
            lambda: house.store.histories([("blog", house.database.mask(author_key(HOT)))], NOON)
        )
        batch = took(house.judge, house.send)
        print(f"{kind},{count},{name},{usual:.2f},{hot:.2f},{batch:.1f}", flush=True)


class Bench(House):
    """Judges batches that are like each other and like no earlier text, but for a tenth."""

    number = 0

    def send(self, *_: object, **__: object) -> None:  # type: ignore[override]  # its own submissions
        super().send(*(self._comment() for _ in range(BATCH)))

    def judge(self) -> int:
        return self.check(*LOCAL)

    def _comment(self) -> Submission:
        self.number += 1
        at = NOON + timedelta(seconds=self.number)
        author = HOT if self.number % 10 == 5 else Author(name=f"Somebody {self.number}")
        words = HOT_TEXT if self.number % 10 == 3 else f"Nothing like {self.number} was ever said."
        new = a_submission(words, id=f"f{self.number:031x}", platform_id=f"new-{self.number}")
        return replace(new, created_at=at, received_at=at, author=author)


def took(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    times = []
    for _ in range(ROUNDS):
        before()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


if __name__ == "__main__":
    main([int(given) for given in sys.argv[1:]] or list(COUNTS))
