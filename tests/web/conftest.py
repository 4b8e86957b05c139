"""The pages run on SQLite here; the stores behind them have tests on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.storage.database import Database
from moderator.storage.tables import metadata
from tests.web.desk import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{tmp_path / 'office.db'}")
    metadata.create_all(database.engine)
    yield Office(database)
    database.close()
