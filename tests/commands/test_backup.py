"""A backup is whole or none, and what is restored is what was there, on either database."""

import gzip
import json
import stat
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import metadata
from tests.builders import a_submission
from tests.house import House

FEW, MANY = 20, 700  # many are more than one statement writes
SAME = pytest.mark.parametrize("filled", [MANY], indirect=True)


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


@pytest.fixture
def filled(database: Database, request: pytest.FixtureRequest) -> Database:
    """A database with a site, what was sent to it, and what was decided."""
    house, count = House(database), getattr(request, "param", FEW)
    house.send(*(a_submission(f"Hello {number}\u0000…", id=f"{number:032x}",
                              platform_id=str(number)) for number in range(count)))  # fmt: skip
    while house.check():
        pass
    return database


def use(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url.replace("+psycopg", ""))


@pytest.fixture
def backup(filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use(filled, monkeypatch)
    file = tmp_path / "backup.gz"
    file.write_text("an earlier one")
    assert main(["backup", str(file)]) == 0
    return file


@SAME
def test_what_is_restored_is_what_was_there(
    filled: Database,
    backup: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert main(["restore", str(backup)]) == 0
    assert "were restored from" in capsys.readouterr().out
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    was, now = rows_of(filled), rows_of(other)
    other.close()
    assert len(was["submissions"]) == MANY
    assert now == was


def test_it_takes_the_place_of_an_earlier_one_and_nobody_else_reads_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [each.name for each in backup.parent.glob("*backup*")] == ["backup.gz"]
    assert main(["backup", str(backup)]) == 0
    assert gzip.decompress(backup.read_bytes()).count(b'"end"') == 1


def test_into_a_database_that_holds_something_nothing_is_restored(
    filled: Database, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows_of(filled)
    assert main(["restore", str(backup)]) == 1
    assert "The database is not empty" in capsys.readouterr().err
    assert rows_of(filled) == before


@pytest.mark.parametrize("kept", [0.2, 0.9])
def test_what_was_cut_off_restores_nothing(
    backup: Path,
    kept: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = gzip.decompress(backup.read_bytes()).splitlines(keepends=True)
    backup.write_bytes(gzip.compress(b"".join(lines[: int(len(lines) * kept)])))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert main(["restore", str(backup)]) == 1
    assert "cut off" in capsys.readouterr().err
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    assert rows_of(other)["submissions"] == []
    other.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "tar"}, "no backup of moderator"),
        ({"version": 2}, "later version"),
        ({"revision": "9999"}, "later version"),
    ],
)
def test_what_is_none_of_ours_is_told(
    change: dict[str, object],
    words: str,
    backup: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, *rest = gzip.decompress(backup.read_bytes()).splitlines(keepends=True)
    changed = json.dumps(json.loads(head) | change).encode() + b"\n"
    backup.write_bytes(gzip.compress(b"".join([changed, *rest])))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert main(["restore", str(backup)]) == 1
    assert words in capsys.readouterr().err


def test_what_is_no_archive_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    tmp_path.joinpath("odd").write_text("hello")
    assert main(["restore", str(tmp_path / "odd")]) == 1
    assert main(["restore", str(tmp_path / "missing")]) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_on_postgresql_numbers_go_on_behind_the_restored(
    backup: Path, postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(postgres, monkeypatch)
    with postgres.write() as connection:
        connection.exec_driver_sql("DELETE FROM sites")
    assert main(["restore", str(backup)]) == 0
    upgrade(postgres)
    house = House.__new__(House)
    house.database = postgres
    with postgres.write() as connection:
        numbered = "INSERT INTO queue (job, subject_id, site_id, due_at) VALUES ('check','x','s',0)"
        highest = "SELECT coalesce(max(id), 0) FROM queue"
        before = connection.exec_driver_sql(highest).scalar_one()
        connection.exec_driver_sql(numbered)
        assert connection.exec_driver_sql(highest).scalar_one() > before
