"""The real intake store on a SQLite file of its own, that remembers what was new to it."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from threading import Lock

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.events.arrival import Answer, Arrival, Receipt
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows, Rules
from tests.databases import fresh
from tests.stock import stock_site


@cache
def _empty() -> Path:
    """A database file that is up to date, to be copied: migrating takes its time."""
    path = Path(tempfile.mkdtemp(prefix="moderator-lab-")) / "empty.db"
    database = Database(f"sqlite:///{path}")
    fresh(database)
    database.close()  # the last connection writes all into the one file
    return path


@dataclass
class RecordingIntake:
    """`usecases.intake.accept.IntakeStore`; `is_down` makes it fail like a stopped database.

    Sites are registered when something of theirs comes in.
    """

    sites: dict[str, Site]
    arrivals: list[Arrival] = field(default_factory=list)
    is_down: bool = False
    is_broken: bool = False
    depth: int = 0
    _rows: IntakeRows | None = None
    _known: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def waiting(self) -> int:
        return self.depth

    def begin(self, arrivals: Sequence[Arrival], respond: Rules) -> Callable[[], list[Answer]]:
        return partial(self.add, arrivals, respond)

    def add(self, arrivals: Sequence[Arrival], respond: Rules) -> list[Answer]:
        if self.is_down:
            raise StorageUnavailableError("The database does not answer")
        if self.is_broken:
            raise RuntimeError("a bug, so to say")
        answers = self._opened().add(arrivals, respond)
        self.arrivals += [
            arrival
            for arrival, answer in zip(arrivals, answers, strict=True)
            if isinstance(answer, Receipt) and answer.is_new
        ]
        return answers

    def _opened(self) -> IntakeRows:
        with self._lock:
            return self._rows or self._open()

    def _open(self) -> IntakeRows:
        path = Path(tempfile.mkdtemp(prefix="moderator-lab-")) / "lab.db"
        shutil.copy(_empty(), path)
        self.database = Database(f"sqlite:///{path}", synchronous="NORMAL")
        for site in self.sites.values():
            stock_site(self.database, site)
        self._rows = IntakeRows(self.database)
        return self._rows
