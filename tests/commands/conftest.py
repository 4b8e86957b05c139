"""A service for the doctor: on SQLite, or on each database where that matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.storage.base.database import Database
from tests.commands.clinic import Clinic, a_clinic
from tests.databases import fresh


@pytest.fixture
def clinic(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    redis_url: str,
) -> Iterator[Clinic]:
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    database = Database(url)
    fresh(database)
    database.close()
    with a_clinic(url, tmp_path, monkeypatch, capsys, redis_url) as clinic:
        yield clinic


@pytest.fixture
def each_clinic(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    redis_url: str,
) -> Iterator[Clinic]:
    with a_clinic(database_url, tmp_path, monkeypatch, capsys, redis_url) as clinic:
        yield clinic
