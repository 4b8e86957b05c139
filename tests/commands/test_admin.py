"""`moderator admin`: a link is printed, never a password."""

from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.bootstrap.operator import first_login
from moderator.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'admin.db'}")
    monkeypatch.setenv("PUBLIC_URL", "https://desk.example.org")
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'admin.db'}", public_url="https://desk.example.org"
    )


@pytest.mark.usefixtures("settings")
def test_create_prints_a_one_time_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "create", "anna", "--role", "admin"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("https://desk.example.org/welcome/")
    assert main(["admin", "link", "anna"]) == 0
    assert capsys.readouterr().out.splitlines()[0] != first


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["create", "ben"], "would see nothing"),
        (["create", "ben", "--site", "nowhere"], "There is no site nowhere"),
        (["create", "", "--role", "admin"], "cannot be used"),
        (["link", "nobody"], "There is no moderator named nobody"),
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_cannot_be_is_said_plainly(
    capsys: pytest.CaptureFixture[str], words: list[str], problem: str
) -> None:
    assert main(["admin", *words]) == 1
    assert problem in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
def test_a_name_is_taken_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "create", "anna", "--role", "admin"]) == 0
    assert main(["admin", "create", "anna", "--role", "admin"]) == 1
    assert "already" in capsys.readouterr().err


def test_the_first_login_is_offered_until_somebody_has_a_password(settings: Settings) -> None:
    first = first_login(settings)
    assert first.startswith("https://desk.example.org/welcome/")
    assert first_login(settings) not in {"", first}
