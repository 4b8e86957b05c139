"""Commands without a database say so in a line, and the exit code tells."""

from pathlib import Path

import pytest

from moderator.__main__ import main


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere' / 'moderator.db'}")


@pytest.fixture
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'moderator.db'}")


@pytest.mark.parametrize(
    "words",
    [["deliveries", "retry"], ["site", "list"], ["admin", "list"],
     ["model", "show", "--site", "blog"]],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.usefixtures("nowhere")
def test_a_database_that_is_away_is_named(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("moderator: There is no database at ")
    assert said.endswith("is DATABASE_URL right? If so, run `moderator db upgrade`\n")


@pytest.mark.usefixtures("nowhere")
def test_one_that_cannot_be_made_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 1
    said = "moderator: The database does not answer: unable to open database file\n"
    assert capsys.readouterr().err == said


@pytest.mark.usefixtures("nowhere")
def test_doctor_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    assert "is DATABASE_URL right" in capsys.readouterr().out


@pytest.mark.usefixtures("somewhere")
def test_doctor_tells_that_the_schema_is_missing_and_changes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor"]) == 1
    assert main(["doctor"]) == 1
    assert "run `moderator db upgrade`" in capsys.readouterr().out
    assert main(["db", "upgrade"]) == 0
    capsys.readouterr()
    main(["doctor"])
    assert "db upgrade" not in capsys.readouterr().out


@pytest.mark.usefixtures("somewhere")
def test_dead_letters_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    capsys.readouterr()
    assert main(["deliveries", "retry"]) == 0
    assert capsys.readouterr().out == "0 callbacks are queued again.\n"
