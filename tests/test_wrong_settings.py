"""What is wrong about each setting is named, all of it at once, and nothing starts."""

import pytest

from moderator.domain.errors import SettingsError
from moderator.settings import Settings, table

LONG = "9" * 5_000
NUMBERS = ("-1", "1.5", "1e3", "none", "\u0665", " 1", LONG)
# What is wrong for each setting; a new setting needs a row.
WRONG = {
    "HOST": ("0.0.0.0:8000", "http://127.0.0.1", "a b", "a/b", "[::1", "x" * 300),
    "PORT": ("0", "65536", *NUMBERS),
    "PUBLIC_URL": (
        "example.org",
        "ftp://example.org",
        "https://a b/",
        "https://a/?b",
        "//a",
    ),
    "DATA_DIR": (__file__, f"{__file__}/var"),
    "DATABASE_URL": ("mysql://h/d", "sqlite://", "sqlite:///:memory:", "postgresql://", "var/db"),
    "SQLITE_SYNCHRONOUS": ("OFF", "2"),
    "REDIS_URL": ("localhost:6379", "redis://", "http://h", "redis://h:x", "redis://h/zero"),
    "REDIS_PREFIX": ("a b", "x*", "\u00fc:", "x" * 65),
    "NEAR_DAYS": ("0", "366", *NUMBERS),
    "MAX_WAITING": NUMBERS,
    "GRACE_SECONDS": ("3601", *NUMBERS),
    "DELIVERY_SCHEDULE": ("soon", "1,,2", "31536001", LONG),
    "WEB_THREADS": ("0", "257", *NUMBERS),
    "TRUSTED_PROXY": ("proxy", "10.0.0.1/8", "10.0.0.0/8,", "300.1.1.1", "10.0.0.0/33"),
    "REQUESTS_PER_SECOND": NUMBERS,
    "REQUESTS_BURST": ("0", *NUMBERS),
    "DOOR_REQUESTS_PER_SECOND": NUMBERS,
    "DOOR_BURST": ("0", *NUMBERS),
    "SOURCE_FETCHES_PER_DOMAIN": ("0", *NUMBERS),
    "SOURCE_FETCHES_PER_RELAY": ("0", *NUMBERS),
    "SOURCE_FETCHES_PER_SITE": ("0", *NUMBERS),
    "SOURCE_FETCHES": ("0", *NUMBERS),
    "REVERIFY_SCHEDULE": ("soon", "1,,2", "31536001", LONG),
    "WORDPRESS_POLL_SECONDS": ("0", "86401", *NUMBERS),
    "AKISMET_URL": ("rest.akismet.com", "https:nowhere", "ftp://a", "https://a b"),
    "DNS_BLOCKLISTS": ("zone", "dbl.example.org, not a zone", "dbl.example.org,,", "a..b"),
    "DNS_RESOLVER": ("resolver.example.org", "192.0.2.1:0", "192.0.2.1,", "[192.0.2.1]:53"),
    "CAMPAIGNS_ACROSS_SITES": ("perhaps", "1"),
    "SMTP_URL": ("mail.example.org", "http://h", "smtp://", "smtp://h:0", "smtp://h:x"),
    "MAIL_FROM": ("nobody", "a@b@c", "a@b\nBcc: c@d", "@example.org"),
    "KEEP_ADDRESSES_DAYS": NUMBERS,
    "KEEP_REFUSED_DAYS": NUMBERS,
    "KEEP_PAGES_DAYS": NUMBERS,
    "METRICS_TOKEN": ("short", "with a blank in it", "\u00fcberlanges-geheimnis", "x" * 300),
    "LOG_FORMAT": ("xml", "logfmt"),
    "LOG_LEVEL": ("LOUD", "0"),
}


def test_every_setting_has_wrong_values() -> None:
    assert WRONG.keys() == {name for name, _, _ in table()}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_what_is_wrong_is_named_with_what_would_be_right(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: value})
    said = str(refused.value)
    assert said.startswith(f"{name} ")
    assert len(said) < 300  # it repeats no value at length
    assert said.isprintable()


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: values[0] for name, values in WRONG.items()})
    said = str(refused.value)
    assert [name for name in WRONG if f"{name} " not in said] == []
