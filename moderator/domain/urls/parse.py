"""Reads, refuses and compares URLs as a browser would: ada-url parses, the rules on top are ours.

`strict` is for what will be fetched: anything two parsers could read differently is refused.
`read` is for what stands in a page: as tolerant as a browser.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import ada_url

from moderator.domain.errors import RefusedError

MAX_LENGTH = 2048
MAX_HOST = 253
MAX_LABEL = 63
MAX_AUTHORITY = 1024  # characters of host, port and user name as written
PORTS = {"http": 80, "https": 443}

# Mapping an international name costs the square of its length, and no name is as long as this.
ENDLESS = re.compile(
    rf"[\x00-\x20]*+(?:[a-z][^/\\?#:]*+:[/\\\t\r\n]*+|[/\\][\t\r\n]*+[/\\][/\\\t\r\n]*+)"
    rf"[^/\\?#]{{{MAX_AUTHORITY + 1}}}",
    re.IGNORECASE,
)
REMEMBERED = 512  # characters of an address that is kept for a while
# An address as the parser writes it: what it took for parts is told apart by these marks alone.
HREF = re.compile(
    r"(https?)://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::([0-9]+))?([^?#]*)(?:\?([^#]*))?"
)
WEB = re.compile(r"https?://(?P<authority>[^/?#]+)", re.IGNORECASE)
# Controls, white space of any script, surrogates, noncharacters, backslash.
UNSAFE = re.compile(
    "[\x00-\x20\x7f-\xa0\\\\\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Url:
    """A parsed http(s) address. `host` is ASCII, lower case, without brackets and root dot."""

    href: str
    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address rather than a name."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    @property
    def authority(self) -> str:
        """host[:port] as in Site.hosts: lower case, without the scheme's default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


def read(url: str, base: str = "") -> Url | None:
    """The http(s) address that a browser would open for `url`; None when it would open none."""
    if len(url) + len(base) <= REMEMBERED:
        return _read_known(url, base)
    return None if is_endless(url) else _read(url, base)


def _read(url: str, base: str = "") -> Url | None:
    try:
        href = ada_url.join_url(base, url) if base else ada_url.normalize_url(url)
        found = HREF.match(href)
        if found is not None and found[2].endswith("."):
            href = _without_root_dot(href)
            found = HREF.match(href)
    except ValueError:  # UnicodeEncodeError (a lone surrogate) is one too
        return None
    if found is None or not found[2]:
        return None
    scheme, host, port, path, query = found.groups("")
    return Url(
        href=href,
        scheme=scheme,
        host=host.removeprefix("[").removesuffix("]"),
        port=int(port) if port else PORTS[scheme],
        path=path,
        query=query,
    )


_read_known = lru_cache(maxsize=1024)(_read)  # a page or comment names an address again and again


def _without_root_dot(href: str) -> str:
    """The same name without it. Raises ValueError when nothing would be left."""
    parsed = ada_url.URL(href)
    parsed.hostname = str(parsed.hostname).removesuffix(".")
    return str(parsed.href)


def resolved(url: str, base: str) -> str:
    """The address that `url` names on a page at `base`, as a browser writes it; '' for none."""
    try:
        return "" if is_endless(url) else ada_url.join_url(base, url)
    except ValueError:
        return ""


def is_endless(url: str) -> bool:
    """Whether the host is far longer than any host: parsing it costs more than linear time."""
    return len(url) > MAX_AUTHORITY and ENDLESS.match(url) is not None


def strict(url: str) -> Url:
    """Read an address that is to be fetched. Raises RefusedError with the reason."""
    start = WEB.match(url)
    refused = _refused(url, start["authority"] if start else None)
    parsed = None if refused else read(url)
    if refused or parsed is None or not _is_host(parsed.host):
        raise RefusedError(refused or "The address is not a valid URL")
    return parsed


def refusal(url: Url) -> str:
    """Why an address that was read may not be fetched: what `strict` says of it; '' if it may."""
    start = WEB.match(url.href)
    refused = _refused(url.href, start["authority"] if start else None)
    return refused or ("" if _is_host(url.host) else "The address is not a valid URL")


def _refused(url: str, authority: str | None) -> str:
    if len(url) > MAX_LENGTH:
        return f"The address is longer than {MAX_LENGTH} characters"
    if UNSAFE.search(url):
        return "The address contains a space, a control character or a backslash"
    if authority is None:
        return "The address is not http or https"
    return "The address hides its host behind a user name" if "@" in authority else ""


def follow(location: str, base: str) -> Url:
    """Read where a redirect leads; spaces are tolerated, as in browsers. Raises RefusedError."""
    target = location.strip(" \t")
    parsed = read(target, base)
    if parsed is None:
        raise RefusedError("The redirect does not lead to an http or https address")
    if "\\" in target or ("@" in target and _hides_host(target, base)):
        raise RefusedError("The redirect hides its host")
    return strict(parsed.href)


def _hides_host(url: str, base: str) -> bool:
    parsed = ada_url.URL(url, base)
    return bool(parsed.username or parsed.password)


def _is_host(host: str) -> bool:
    if not host.isascii() or len(host) > MAX_HOST:
        return False
    return ":" in host or all(0 < len(label) <= MAX_LABEL for label in host.split("."))
