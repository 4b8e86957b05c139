"""Every setting has a default; everything wrong is named at once."""

import pytest

from moderator.domain.errors import SettingsError
from moderator.domain.urls.addresses import is_among
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
        "CAMPAIGNS_ACROSS_SITES": "perhaps",
        "DNS_BLOCKLISTS": "dbl.example.org, not a zone",
        "DNS_RESOLVER": "resolver.example.org:53",
        "HOST": "0.0.0.0:8000",
        "TRUSTED_PROXY": "proxy.example.org",
        "AKISMET_URL": "https:nowhere",
    }
    with pytest.raises(SettingsError) as error:
        Settings.from_environment(wrong)
    assert [name for name in wrong if name not in str(error.value)] == []


@pytest.mark.parametrize("port", ["0", "65536", "٨٠٠٠", "8e3", " 80"])
def test_a_port_is_a_plain_number(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT"):
        Settings.from_environment({"PORT": port})


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("0.0.0.0", "http://0.0.0.0:8000"),  # noqa: S104  # somebody's choice
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("[::]", "http://[::]:8000"),
    ],
)
def test_we_listen_on_a_name_or_an_address(host: str, public: str) -> None:
    assert Settings.from_environment({"HOST": host}).public() == public


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Desk.Example.org:443/", "https://desk.example.org"),
        ("https://desk.example.org/mod/", "https://desk.example.org/mod"),
        ("http://desk.example.org:8080/a/b-c", "http://desk.example.org:8080/a/b-c"),
    ],
)
def test_where_we_are_reached_has_one_spelling(given: str, kept: str) -> None:
    assert Settings.from_environment({"PUBLIC_URL": given}).public() == kept


@pytest.mark.parametrize(
    "url",
    [
        "https://", "http://a b/", "https://me@example.org", "http://a:0x1",
        "https://example.org/?a=1", "https://example.org/#a", "https://example.org/a//b",
        "https://example.org/a%2fb", "https://example.org/?",
    ],
)  # fmt: skip
def test_where_we_are_reached_is_an_address(url: str) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        Settings.from_environment({"PUBLIC_URL": url})


@pytest.mark.parametrize("name", ["DELIVERY_SCHEDULE", "REVERIFY_SCHEDULE"])
@pytest.mark.parametrize("given", ["31536001", "5,99999999999999", "5,", "\u0665", "9" * 5_000])
def test_a_wait_is_a_year_at_most(name: str, given: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be whole seconds"):
        Settings.from_environment({name: given})


def test_every_setting_explains_itself() -> None:
    assert [name for name, _, help_ in table() if len(help_) < 10] == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:DB8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_a_resolver_is_an_address_perhaps_with_a_port(
    given: str, expected: tuple[str, int]
) -> None:
    settings = Settings.from_environment({"DNS_RESOLVER": given})
    assert settings.dns_resolver == (expected,)


@pytest.mark.parametrize(
    "given",
    [
        "192.0.2.53:0",
        "2001:db8::53:99999",
        "[192.0.2.53]:53",
        "192.0.2.53:65536",
        "192.0.2.53:",
        "53",
        ":53",
    ],
)
def test_a_resolver_that_could_not_be_asked_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="DNS_RESOLVER"):
        Settings.from_environment({"DNS_RESOLVER": given})


@pytest.mark.parametrize(
    ("given", "among", "not_among"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("10.0.0.0/8, 192.0.2.7", "10.20.30.40", "11.0.0.1"),
        ("::ffff:10.0.0.0/104", "10.1.1.1", "11.1.1.1"),
        ("10.0.0.0/8", "::ffff:10.1.1.1", "::ffff:11.1.1.1"),
    ],
)
def test_proxies_are_addresses_and_networks(given: str, among: str, not_among: str) -> None:
    settings = Settings.from_environment({"TRUSTED_PROXY": given, "HOST": "0.0.0.0"})  # noqa: S104
    assert is_among(settings.trusted_proxy, among)
    assert not is_among(settings.trusted_proxy, not_among)


@pytest.mark.parametrize(
    ("host", "given", "words"),
    [
        ("127.0.0.1", "192.0.2.7", "nobody who could reach us"),
        ("127.0.0.1", "::1", "nobody who could reach us"),
        ("::", "10.0.0.0/8", "nobody who could reach us"),
        ("192.0.2.1", "10.0.0.1/8", "10.0.0.0/8"),
        ("192.0.2.1", "10.0.0.0/8,", "must be IP addresses or networks"),
        ("192.0.2.1", "proxy", "must be IP addresses or networks"),
    ],
)
def test_proxies_that_match_nobody_are_refused(host: str, given: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"TRUSTED_PROXY.*{words}"):
        Settings.from_environment({"TRUSTED_PROXY": given, "HOST": host})


def test_a_loopback_proxy_reaches_a_loopback_listener() -> None:
    assert Settings.from_environment({"TRUSTED_PROXY": "127.0.0.0/8"}).trusted_proxy


def test_the_url_of_a_database_as_platforms_write_it() -> None:
    given = "postgres://me:secret@db.example.org:5433/comments?sslmode=require"
    settings = Settings.from_environment({"DATABASE_URL": given})
    assert settings.database() == given.replace("postgres:", "postgresql:")


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?cache=shared&uri=true",
     "sqlite:///x?mode=memory&uri=true", "postgresql://",
     "postgresql://h:0/d", "postgresql://h:99999/d", "mysql://h/d"],
)  # fmt: skip
def test_a_database_that_could_not_be_shared_or_found_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        Settings.from_environment({"DATABASE_URL": url})


def test_a_socket_may_be_named_behind_the_question_mark() -> None:
    given = "postgresql:///comments?host=/run/postgresql"
    assert Settings.from_environment({"DATABASE_URL": given}).database() == given


@pytest.mark.parametrize(
    "url", ["redis://", "redis://h:0", "redis://h:x", "redis://h/zero", "http://h", "redis:h"]
)
def test_a_redis_that_could_not_be_found_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL"):
        Settings.from_environment({"REDIS_URL": url})


def test_blocklists_are_zones() -> None:
    settings = Settings.from_environment({"DNS_BLOCKLISTS": "dbl.example.org., Multi.Example.Org"})
    assert settings.dns_blocklists == ("dbl.example.org", "multi.example.org")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379"),
        ("rediss://u:p@redis.example.org:6380/3", "rediss://u:p@redis.example.org:6380/3"),
        ("rediss://h/0?ssl_cert_reqs=CERT_NONE", "rediss://h/0?ssl_cert_reqs=none"),
        (
            "rediss://h/0?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=False",
            "rediss://h/0?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=false",
        ),
    ],
)
def test_a_redis_is_named_with_its_certificates(given: str, kept: str) -> None:
    assert Settings.from_environment({"REDIS_URL": given}).redis_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "redis://h/0?ssl_ca_certs=/etc/ca.pem", "rediss://h/0?ssl_cert_reqs=maybe",
        "rediss://h/0?ssl_ca_certs=", "redis://h/0?protocol=3", "rediss://h/0?db=4",
    ],
)  # fmt: skip
def test_what_a_redis_cannot_be_told_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL may only say"):
        Settings.from_environment({"REDIS_URL": url})


@pytest.mark.parametrize("prefix", ["a b", "*", "x" * 65, "{slot}"])
def test_a_prefix_is_no_pattern(prefix: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_PREFIX"):
        Settings.from_environment({"REDIS_PREFIX": prefix})


def test_a_pooler_is_named_in_the_url() -> None:
    url = "postgresql://u:p@h:6432/db?pooling=transaction&sslmode=verify-full"
    assert Settings.from_environment({"DATABASE_URL": url}).database_url == url
    with pytest.raises(SettingsError, match="DATABASE_URL must say pooling=session or"):
        Settings.from_environment({"DATABASE_URL": url.replace("transaction", "statement")})
