"""A WordPress that has nothing of ours, and the service beside it."""

from collections.abc import Iterator

import pytest

from moderator.storage.base.database import Database
from tests.usecases.polling import PolledHouse
from tests.wordpress import FakeWordPress


@pytest.fixture
def blog() -> FakeWordPress:
    return FakeWordPress()


@pytest.fixture
def house(database_url: str, blog: FakeWordPress) -> Iterator[PolledHouse]:
    database = Database(database_url)
    yield PolledHouse(database, blog)
    database.close()
