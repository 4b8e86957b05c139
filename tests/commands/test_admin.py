"""`moderator admin`: a link is printed, never a password."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from moderator.__main__ import main
from moderator.bootstrap.operator import first_login, open_sign_in
from moderator.bootstrap.parts import clock
from moderator.domain.errors import ModeratorError
from moderator.settings import Settings
from moderator.usecases.moderate import sign_in
from tests.databases import a_database

PASSWORD = "correct horse battery"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'admin.db'}")
    monkeypatch.setenv("PUBLIC_URL", "https://desk.example.org")
    a_database(tmp_path / "admin.db")
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(sign_in, "PasswordHasher", lambda **_: cheap)
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'admin.db'}", public_url="https://desk.example.org"
    )


@pytest.mark.usefixtures("settings")
def test_create_prints_a_one_time_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "create", "anna", "--role", "owner"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("https://desk.example.org/welcome/")
    assert main(["admin", "link", "anna"]) == 0
    assert capsys.readouterr().out.splitlines()[0] != first


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["create", "ben"], "would see nothing"),
        (["create", "ben", "--site", "nowhere"], "There is no site nowhere"),
        (["create", "", "--role", "owner"], "cannot be used"),
        (["link", "nobody"], "There is no moderator named nobody"),
        (["logout", "nobody"], "There is no moderator named nobody"),
        (["disable", "nobody"], "There is no moderator named nobody"),
        (["enable", "nobody"], "There is no moderator named nobody"),
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_cannot_be_is_said_plainly(
    capsys: pytest.CaptureFixture[str], words: list[str], problem: str
) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["admin", *words]) == 1
    assert problem in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
def test_a_name_is_taken_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "create", "anna", "--role", "owner"]) == 0
    assert main(["admin", "create", "anna", "--role", "owner"]) == 1
    assert "already" in capsys.readouterr().err


def test_the_first_login_is_offered_until_somebody_has_a_password(settings: Settings) -> None:
    first = first_login(settings)
    assert first.startswith("https://desk.example.org/welcome/")
    assert first_login(settings) not in {"", first}


def welcomed(settings: Settings, name: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Create an owner who has chosen a password; return what the browser then holds."""
    assert main(["admin", "create", name, "--role", "owner"]) == 0
    token = capsys.readouterr().out.splitlines()[0].rpartition("/")[2]
    with open_sign_in(settings) as sign_in:
        opened = sign_in.choose_password(token, PASSWORD, address="192.0.2.1", now=clock())
    return opened.value


def is_in(settings: Settings, value: str) -> bool:
    with open_sign_in(settings) as sign_in:
        return sign_in.session(value, now=clock()) is not None


def can_log_in(settings: Settings, name: str) -> bool:
    with open_sign_in(settings) as sign_in:
        try:
            sign_in.log_in(name, PASSWORD, address="192.0.2.1", now=clock())
        except ModeratorError:
            return False
        return True


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    assert main(["admin", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[0]: " ".join(line.split()[1:]) for line in lines}


def test_sessions_are_ended_and_nobody_elses(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, ben = (welcomed(settings, name, capsys) for name in ("anna", "ben"))
    assert main(["admin", "logout", "anna"]) == 0
    assert "1 sessions of anna were ended" in capsys.readouterr().out
    assert (is_in(settings, anna), is_in(settings, ben)) == (False, True)
    assert can_log_in(settings, "anna")


def test_a_disabled_moderator_is_out_and_stays_out(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, ben = (welcomed(settings, name, capsys) for name in ("anna", "ben"))
    assert main(["admin", "disable", "ben"]) == 0
    assert (is_in(settings, anna), is_in(settings, ben)) == (True, False)
    assert not can_log_in(settings, "ben")
    assert main(["admin", "link", "ben"]) == 1
    found = listed(capsys)
    assert found["anna"] == "owner active 1 sessions every site"
    assert found["ben"].startswith("owner disabled since 2")

    assert main(["admin", "enable", "ben"]) == 0
    assert not is_in(settings, ben)
    assert can_log_in(settings, "ben")
    assert listed(capsys)["ben"] == "owner active 1 sessions every site"


@pytest.mark.parametrize("is_other_invited", [False, True])
def test_the_last_owner_who_can_log_in_is_kept(
    settings: Settings, capsys: pytest.CaptureFixture[str], *, is_other_invited: bool
) -> None:
    anna = welcomed(settings, "anna", capsys)
    if is_other_invited:
        assert main(["admin", "create", "ben", "--role", "owner"]) == 0
    assert main(["admin", "disable", "anna"]) == 1
    assert "nobody else is an owner" in capsys.readouterr().err
    assert is_in(settings, anna)
    if is_other_invited:
        assert main(["admin", "disable", "ben"]) == 0
        assert listed(capsys)["ben"].startswith("owner disabled since")
