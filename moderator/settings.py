"""Every setting: its name, default, one line of help; read once, refused all at once if wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from typing import TypeVar

from moderator.domain.decisions.delivery import SCHEDULE
from moderator.domain.errors import RefusedError, SettingsError
from moderator.domain.linkback.reverification import RECHECKS
from moderator.domain.timing.retention import FOREVER, MAX_DAYS, Retention
from moderator.domain.urls.addresses import (
    Network,
    read_address,
    read_authority,
    read_endpoint,
    read_network,
    same_address,
)
from moderator.domain.urls.parse import strict
from moderator.domain.urls.servers import (
    bearer_token,
    database_url,
    folder,
    mail_address,
    mail_server,
    redis_prefix,
    redis_url,
    zones,
)

T = TypeVar("T")
PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
DNS_PORT = 53
LONGEST_WAIT = 31_536_000  # seconds
LOOPBACK: Mapping[int, Network] = {4: IPv4Network("127.0.0.0/8"), 6: IPv6Network("::1/128")}
USUAL = Retention()
MAX_DIGITS = 12  # of a number; Python's int() would refuse 4,301 of them in its own words


def setting(default: T, help_: str, parse: Callable[[str], T]) -> T:
    """One row of the table. The field's name in capitals is the environment variable."""
    # dataclasses.field() is typed as the value it stands for, and so is this.
    return field(default=default, metadata={"help": help_, "parse": parse})


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        is_number = value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS
        if not (is_number and low <= int(value) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        found = next((choice for choice in choices if choice.lower() == value.lower()), None)
        if found is None:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return found

    return parse


def web_url(value: str) -> str:
    try:
        strict(value)
    except RefusedError as error:
        raise ValueError(f"must be an http or https address: {error}") from error
    return value.rstrip("/")


def public(value: str) -> str:
    """An address with a path at most, in its one spelling."""
    web_url(value)
    url = strict(value)
    path = url.path.rstrip("/")
    if url.query or "?" in value or "#" in value or not PREFIX.fullmatch(path):
        raise ValueError("may have a path of letters, digits, '-', '.', '_' and '~', and no more")
    return f"{url.origin}{path}"


def listener(value: str) -> str:
    is_bracketed = value.startswith("[") == value.endswith("]")
    if is_bracketed and same_address(value):
        return same_address(value)
    if ":" in value:
        raise ValueError("must be an address or a name, without a port")
    return read_authority(value)


def networks(value: str) -> tuple[Network, ...]:
    return tuple(read_network(part) for part in value.split(","))


def seconds_list(value: str) -> tuple[int, ...]:
    try:
        return tuple(whole(0, LONGEST_WAIT)(part.strip()) for part in value.split(","))
    except ValueError as error:
        words = f"must be whole seconds up to {LONGEST_WAIT}, a year, separated by commas"
        raise ValueError(words) from error


def endpoints(value: str) -> tuple[tuple[str, int], ...]:
    return tuple(read_endpoint(part.strip(), DNS_PORT) for part in value.split(","))


@dataclass(frozen=True, slots=True)
class Settings:
    host: str = setting("127.0.0.1", "Address the web server listens on", listener)
    port: int = setting(8000, "Port the web server listens on", whole(1, 65535))
    public_url: str = setting(
        "", "Where browsers reach the dashboard (default: http://HOST:PORT)", public
    )
    data_dir: Path = setting(Path("var"), "Folder of the embedded database and Redis", folder)
    database_url: str = setting(
        "",
        "sqlite:///… or postgresql://… (default: SQLite in DATA_DIR)",
        database_url,
    )
    sqlite_synchronous: str = setting(
        "FULL", "FULL: a 202 survives a power cut; NORMAL: faster", one_of("FULL", "NORMAL")
    )
    redis_url: str = setting(
        "", "redis://… (default: a server on PATH, else the bundled one)", redis_url
    )
    redis_prefix: str = setting(
        "moderator:", "What every name in Redis begins with; one per installation", redis_prefix
    )
    near_days: int = setting(
        14, "Days that Redis remembers a text, to find near copies", whole(1, 365)
    )
    max_waiting: int = setting(
        100_000, "Submissions that may wait before intake answers 503", whole(0, 10_000_000)
    )
    grace_seconds: int = setting(
        10, "Seconds that a moderator's callback waits, to be undone", whole(0, 3600)
    )
    delivery_schedule: tuple[int, ...] = setting(
        SCHEDULE, "Seconds between the tries of a callback, comma-separated", seconds_list
    )
    web_threads: int = setting(16, "Requests that the web server works on at once", whole(1, 256))
    trusted_proxy: tuple[Network, ...] = setting(
        (),
        "Addresses and networks of proxies whose X-Forwarded-For and -Proto are believed",
        networks,
    )
    requests_per_second: int = setting(
        0, "Events that one site may send a second, per web process; 0: no limit", whole(0, 100_000)
    )
    requests_burst: int = setting(
        1_000, "Events that one site may send at once before the rate counts", whole(1, 1_000_000)
    )
    door_requests_per_second: int = setting(
        5,
        "Linkbacks that one address may send a second, a site's endpoints ten times; 0: no limit",
        whole(0, 100_000),
    )
    door_burst: int = setting(
        200, "Linkbacks that one address may send at once before the rate counts", whole(1, 100_000)
    )
    source_fetches_per_domain: int = setting(
        5, "Requests a minute to the sources of linkbacks on one domain", whole(1, 100_000)
    )
    source_fetches_per_relay: int = setting(
        60,
        "The same for a domain whose pages say that they like, repost or answer posts",
        whole(1, 100_000),
    )
    source_fetches_per_site: int = setting(
        300, "Sources of linkbacks that are fetched a minute for one site", whole(1, 1_000_000)
    )
    source_fetches: int = setting(
        1_200, "Sources of linkbacks that are fetched a minute for all sites", whole(1, 1_000_000)
    )
    reverify_schedule: tuple[int, ...] = setting(
        RECHECKS,
        "Seconds after its arrival at which a linkback's source is looked at again",
        seconds_list,
    )
    wordpress_poll_seconds: int = setting(
        60, "Seconds between two looks at a WordPress that has nothing of ours", whole(1, 86_400)
    )
    akismet_url: str = setting(
        "https://rest.akismet.com",
        "Server that is asked for sites with an Akismet key",
        web_url,
    )
    dns_blocklists: tuple[str, ...] = setting(
        (), "DNS zones that list the domains of spammers, comma-separated", zones
    )
    dns_resolver: tuple[tuple[str, int], ...] = setting(
        (),
        "IP[:PORT] of who is asked about them, comma-separated (default: the system's)",
        endpoints,
    )
    keep_addresses_days: int = setting(
        USUAL.addresses,
        "Days after a decision that e-mail and IP addresses are kept; 0: for ever",
        whole(FOREVER, MAX_DAYS),
    )
    keep_refused_days: int = setting(
        USUAL.words,
        "Days that the words of spam and of what was thrown away are kept; 0: for ever",
        whole(FOREVER, MAX_DAYS),
    )
    keep_pages_days: int = setting(
        USUAL.pages,
        "Days that what a linkback's source said is kept; 0: for ever",
        whole(FOREVER, MAX_DAYS),
    )
    campaigns_across_sites: str = setting(
        "on", "Whether alike texts of other sites count for campaigns", one_of("on", "off")
    )
    smtp_url: str = setting(
        "",
        "smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…: by it people are told what waits",
        mail_server,
    )
    mail_from: str = setting("moderator@localhost", "Who mails come from", mail_address)
    metrics_token: str = setting(
        "", "Bearer token of who may read /metrics (default: nobody)", bearer_token
    )
    log_format: str = setting(
        "text",
        "How lines of the log look: key=value, or an object of JSON each",
        one_of("text", "json"),
    )
    log_level: str = setting(
        "INFO", "How much is logged", one_of("DEBUG", "INFO", "WARNING", "ERROR")
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the table. Raises SettingsError naming every bad variable at once."""
        values: dict[str, object] = {}
        wrong = []
        for row in fields(cls):
            name = row.name.upper()
            given = environment.get(name, "")
            if not given:
                continue
            try:
                values[row.name] = row.metadata["parse"](given)
            except ValueError as error:
                wrong.append(f"{name} {error}")
        settings = cls(**values)  # type: ignore[arg-type]  # each was parsed by its own row
        wrong += settings.contradictions()
        if wrong:
            raise SettingsError("; ".join(wrong))
        return settings

    def contradictions(self) -> list[str]:
        """What is right by itself, and wrong beside the others."""
        here = read_address(self.host)
        heard = [each for each in self.trusted_proxy if here is None or _reaches(each, here)]
        if self.trusted_proxy and not heard:
            return [f"TRUSTED_PROXY names nobody who could reach us at HOST {self.host}"]
        return []

    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'moderator.db'}"

    def database_file(self) -> Path | None:
        """Where SQLite's database lies; None on PostgreSQL."""
        if not self.database_url:
            return self.data_dir / "moderator.db"
        if self.database_url.startswith("postgresql:"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0])

    def retention(self) -> Retention:
        """How long sites that chose nothing keep what people wrote."""
        return Retention(self.keep_addresses_days, self.keep_refused_days, self.keep_pages_days)

    def public(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


def _reaches(network: Network, here: IPv4Address | IPv6Address) -> bool:
    """Whether anybody in `network` can connect to a listener on `here`."""
    if network.version != here.version:
        return False
    return not here.is_loopback or network.overlaps(LOOPBACK[here.version])


def table() -> list[tuple[str, str, str]]:
    """(name, default, help) of every setting, for the operating docs."""
    return [(f.name.upper(), str(f.default), str(f.metadata["help"])) for f in fields(Settings)]
