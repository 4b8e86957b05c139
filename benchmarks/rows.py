"""Reads from the tables what no answer tells: when a verdict stood, how many callbacks are out."""

import threading
import time
from typing import Self

from sqlalchemy import bindparam, create_engine, text

from benchmarks.comments import SITE

DECIDED = text(
    "SELECT platform_id FROM submissions"
    " WHERE site_id = :site AND platform_id IN :ids AND status <> 'queued'"
).bindparams(bindparam("ids", expanding=True))
WAITING = text("SELECT count(*) FROM submissions WHERE site_id = :site AND status = 'queued'")
QUEUED = text("SELECT count(*) FROM queue WHERE job IN ('check', 'reach')")
DECISIONS = text("SELECT count(*) FROM decisions")
CALLBACKS = text("SELECT count(*) FROM deliveries")
DELIVERED = text("SELECT count(*) FROM deliveries WHERE state = 'delivered'")
VERDICTS = text("SELECT verdict, count(*) FROM decisions GROUP BY verdict")


class Rows:
    def __init__(self, database_url: str) -> None:
        url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._connection = self._engine.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._engine.dispose()

    def count(self, of: str) -> int:
        """How many are `queued`, `decisions`, `callbacks` or `delivered`."""
        statement = {
            "queued": QUEUED, "decisions": DECISIONS, "callbacks": CALLBACKS,
            "delivered": DELIVERED,
        }[of]  # fmt: skip
        return int(self._connection.execute(statement).scalar_one())

    def waiting(self) -> int:
        """How many comments have no verdict yet; by what every version of the tables has."""
        return int(self._connection.execute(WAITING, {"site": SITE}).scalar_one())

    def verdicts(self) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in self._connection.execute(VERDICTS)}

    def decided(self, numbers: list[int]) -> set[int]:
        ids = [str(number) for number in numbers]
        found = self._connection.execute(DECIDED, {"site": SITE, "ids": ids})
        return {int(row[0]) for row in found}

    def wait_until_decided(self, seconds: float) -> float:
        """Wait until no submission waits for a verdict; return when that was."""
        until = time.time() + seconds
        while (now := time.time()) < until:
            if self.count("queued") == 0:
                return now
            time.sleep(0.02)
        raise TimeoutError("Submissions are still waiting for a verdict")


class Watch(threading.Thread):
    """Notes when the verdicts on comments `first` .. `first + count - 1` are first to be seen."""

    def __init__(self, database_url: str, first: int, count: int, rate: float) -> None:
        super().__init__(daemon=True)
        self._url = database_url
        self._waiting = list(range(first, first + count))
        self._window = max(16, int(rate / 4))
        self._pause = 0.002 if rate <= 50 else 0.005
        self.seen: dict[int, float] = {}
        self.over = threading.Event()

    def run(self) -> None:
        with Rows(self._url) as rows:
            while self._waiting and not self.over.is_set():
                found = rows.decided(self._waiting[: self._window])
                now = time.time()
                self.seen |= dict.fromkeys(found, now)
                self._waiting = [number for number in self._waiting if number not in found]
                if len(found) < self._window:
                    time.sleep(self._pause)
