"""Every setting has a default; everything wrong is named at once."""

import pytest

from moderator.domain.errors import SettingsError
from moderator.settings import Settings, table


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_environment({})
    assert settings.database() == "sqlite:///var/moderator.db"
    assert settings.public() == "http://127.0.0.1:8000"


def test_the_environment_is_read() -> None:
    settings = Settings.from_environment(
        {"PORT": "9000", "SQLITE_SYNCHRONOUS": "normal", "DELIVERY_SCHEDULE": "1, 2,3"}
    )
    assert (settings.port, settings.sqlite_synchronous) == (9000, "NORMAL")
    assert settings.delivery_schedule == (1, 2, 3)


def test_every_wrong_variable_is_named_at_once() -> None:
    wrong = {
        "PORT": "http",
        "DATABASE_URL": "mysql://somewhere",
        "REDIS_URL": "localhost:6379",
        "GRACE_SECONDS": "-1",
        "DELIVERY_SCHEDULE": "soon",
        "PUBLIC_URL": "moderation.example.org",
        "LOG_LEVEL": "LOUD",
    }
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(wrong)
    assert [name for name in wrong if name not in str(error.value)] == []


@pytest.mark.parametrize("port", ["0", "65536", "٨٠٠٠", "8e3", " 80"])
def test_a_port_is_a_plain_number(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT"):
        Settings.from_environment({"PORT": port})


def test_every_setting_explains_itself() -> None:
    assert [name for name, _, help_ in table() if len(help_) < 10] == []
