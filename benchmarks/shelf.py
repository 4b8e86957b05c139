"""Databases to start from: with our site and nothing else, or with rows that were judged before.

Each is made once per commit and lent as a copy, so that every measurement starts from the same.
"""

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, make_url, text

from benchmarks.comments import Room
from benchmarks.load import Plan
from benchmarks.multiply import multiply
from benchmarks.programs import Load, Sink, wait_until
from benchmarks.service import WHOLE, Place, Service, enrol
from benchmarks.tree import Tree
from tests.databases import postgres_server

JUDGED = 5_000  # comments that a commit judges itself; more are copies of these
LARGE = 300_000  # rows from which a database is used in place: what one run adds is nothing to it
PATIENCE = 180.0  # seconds in which JUDGED are judged and told


class Postgres:
    """One server for a whole run, a database per copy."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server)
        self._names = (f"bench_{number}" for number in itertools.count())

    def create(self, template: str = "") -> str:
        """The URL of a new database, empty or a copy of another."""
        name = next(self._names)
        original = make_url(template).database if template else "template1"
        self._say(f"CREATE DATABASE {name} TEMPLATE {original}")
        return self._server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._say(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        url = self._server.set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
            connection.execute(text("CHECKPOINT"))
        engine.dispose()


@dataclass
class Shelf:
    """`with Shelf(folder, sink) as shelf`. Kinds are `full`, `normal` and `postgres`."""

    folder: Path
    sink: Sink
    _made: dict[tuple[str, bool, int], Place] = field(default_factory=dict)
    _postgres: Postgres | None = None
    _open: ExitStack = field(default_factory=ExitStack)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @contextmanager
    def lend(self, tree: Tree, kind: str, stored: int = 0) -> Iterator[Place]:
        """A database with so many rows, to be written to."""
        made = self._get(tree, stored, is_postgres=kind == "postgres")
        place = replace(made, synchronous="FULL" if kind == "postgres" else kind.upper())
        if stored >= LARGE:
            yield place
            return
        copied = self._copy(place)
        try:
            yield copied
        finally:
            self._remove(copied)

    def forget(self, tree: Tree, kind: str, stored: int) -> None:
        """Give back the disk that a filled database takes."""
        place = self._made.pop((tree.name, kind == "postgres", stored), None) if stored else None
        if place is not None:
            self._remove(place)

    def _get(self, tree: Tree, stored: int, *, is_postgres: bool) -> Place:
        key = (tree.name, is_postgres, stored)
        if key not in self._made:
            make = self._fill if stored else self._create
            self._made[key] = make(tree, stored, is_postgres=is_postgres)
        return self._made[key]

    def _create(self, tree: Tree, _stored: int, *, is_postgres: bool) -> Place:
        if is_postgres:
            place = Place(self._server().create())
        else:
            place = Place(f"sqlite:///{self._path()}", "NORMAL")
        key = enrol(tree, place, self.folder, self.sink.port)
        return replace(place, key=key)

    def _fill(self, tree: Tree, stored: int, *, is_postgres: bool) -> Place:
        judged = min(JUDGED, stored)
        place = self._copy(self._get(tree, 0, is_postgres=is_postgres))
        self._judge(tree, place, judged)
        found = multiply(place.url, stored // judged)
        if found != stored:
            raise RuntimeError(f"{found} rows are stored instead of {stored}")
        _close_wal(place)
        return place

    def _judge(self, tree: Tree, place: Place, count: int) -> None:
        folder = self.folder / f"judged-{next(self._numbers)}"
        folder.mkdir()
        with Service(tree, folder, place) as service:
            service.start(*WHOLE)
            self.sink.forget()
            plan = Plan(service.port, place.key, 1, PATIENCE, count=count, room=Room.STORED)
            with Load(plan) as load:
                load.begin()
                load.end()
            if not wait_until(lambda: self.sink.heard().count >= count, PATIENCE):
                raise TimeoutError(f"{self.sink.heard().count} of {count} were judged")
            service.settle()

    def _copy(self, place: Place) -> Place:
        if place.url.startswith("postgresql"):
            return replace(place, url=self._server().create(place.url))
        path = self._path()
        _close_wal(place)
        shutil.copyfile(_file(place), path)
        return replace(place, url=f"sqlite:///{path}")

    def _remove(self, place: Place) -> None:
        if place.url.startswith("postgresql"):
            self._server().drop(place.url)
            return
        for end in ("", "-wal", "-shm"):
            _file(place).with_name(_file(place).name + end).unlink(missing_ok=True)

    def _server(self) -> Postgres:
        if self._postgres is None:
            self._postgres = Postgres(self._open.enter_context(postgres_server()))
        return self._postgres

    def _path(self) -> Path:
        return self.folder / f"{next(self._numbers)}.db"


def _file(place: Place) -> Path:
    return Path(place.url.removeprefix("sqlite:///"))


def _close_wal(place: Place) -> None:
    """Bring everything into the one file that is copied."""
    if place.url.startswith("sqlite"):
        with sqlite3.connect(_file(place)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
