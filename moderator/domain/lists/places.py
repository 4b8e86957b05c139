"""Reads entries that name a place: an address, network or range, a host, a page, an e-mail."""

import ipaddress
import re

from moderator.domain.lists.entry import Entry, EntryKind, Network, refused, silent
from moderator.domain.lists.spelling import without_accents, words_of
from moderator.domain.text.fold import fold_case
from moderator.domain.urls.hosts import is_under_known_top
from moderator.domain.urls.parse import read
from moderator.domain.urls.same_page import canonical

# Top-level domains that are kept for examples and for nets of one's own (RFC 2606, 6761, 8375).
RESERVED = frozenset({"example", "test", "invalid", "localhost", "arpa", "onion", "local"})
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
TOP = re.compile(r"(?:\*\.?|\.)[^\W_]+")
PLAIN_V4 = re.compile(r"[\d.*/ \u2013-]+")
PLAIN_V6 = re.compile(r"[0-9A-Fa-f:.*/ \u2013-]+")
LIKE_V4 = re.compile(r"\d{1,3}(?:\.(?:\d{1,3}|\*|x{1,3})){2,4}\.?(?:[:/ -].*)?")
BEGINNING_V4 = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,2})((?:\.\*){1,3}|\.)")
BEGINNING_V6 = re.compile(r"([23f][0-9a-f]{3}(?::[0-9a-f]{1,4}){1,6})(?:::?\*|:)")
DASH = re.compile(" ?[\u2013-] ?")
EMAIL = re.compile(r"[^\s@*<>:;,\"/]*@[^\s@]+")
SCOPES = {
    "url": (EntryKind.ONE_PAGE, "the page {} alone"),
    "prefix": (EntryKind.BELOW, "the page {} and all below it, exactly so"),
    "host": (EntryKind.ONE_HOST, "the host {} alone"),
    "author": (EntryKind.AUTHOR, "authors who sign as {}"),
}
NO_SCOPES = frozenset(
    {"domain", "email", "ip", "mail", "name", "re", "regex", "regexp", "site", "text", "word"}
)


def scoped(entry: str) -> Entry | None:
    """`url:`, `prefix:`, `host:` or `author:` in front narrow an entry."""
    scope, colon, value = entry.partition(":")
    scope, value = scope.strip().lower(), value.strip()
    if colon and scope in NO_SCOPES:
        raise refused(entry, f"there is no `{scope}:`, only {', '.join(f'`{s}:`' for s in SCOPES)}")
    if not colon or scope not in SCOPES or value.startswith("//"):
        return None
    match scope:
        case "author":
            wanted = signed(value)
        case "host":
            wanted = host_name(_bare(value)) if "*" not in value else ""
            wanted = wanted if "." in wanted or ":" in wanted or wanted == "localhost" else ""
        case _:
            wanted = canonical(value)
            wanted = wanted.rstrip("/") if scope == "prefix" else wanted
    if not wanted:
        raise silent(entry, f"after `{scope}:` stands none that a submission could have")
    sort, meaning = SCOPES[scope]
    return Entry(entry, sort, wanted, meaning.format(wanted))


def signed(name: str) -> str:
    """The words of a name, by which authors are told apart."""
    return " ".join(words_of(fold_case(name)))


def address(entry: str) -> Entry | None:
    """An IP address, a network (`/24`), a range (`-`), or a beginning (`192.0.2.`, `192.0.2.*`)."""
    bare = entry.strip("[]").lower()
    is_v6 = bare.count(":") > 1 and PLAIN_V6.fullmatch(bare)
    if not is_v6 and not (PLAIN_V4.fullmatch(bare) and "." in bare):
        if LIKE_V4.fullmatch(bare):
            raise _no_address(entry)
        return None
    try:
        networks = _networks(bare)
    except (ValueError, TypeError) as error:  # TypeError: one end of a range is of the other kind
        if is_v6 or LIKE_V4.fullmatch(bare):
            raise _no_address(entry) from error
        return None
    if any(network.prefixlen == 0 for network in networks):
        raise refused(entry, "it names every address there is")
    shown = ", ".join(map(str, networks[:3])) + ", ..." * (len(networks) > 3)  # noqa: PLR2004
    return Entry(entry, EntryKind.ADDRESS, bare, f"addresses of {shown}", networks)


def _no_address(entry: str) -> Exception:
    return refused(
        entry,
        "it looks like an address and is none; write 192.0.2.7, 192.0.2.0/24, 192.0.2.* or"
        " 192.0.2.1-192.0.2.20",
    )


def _networks(bare: str) -> tuple[Network, ...]:
    """Raises ValueError, TypeError."""
    first, *others = DASH.split(bare)
    if len(others) == 1:
        low = ipaddress.ip_address(first)
        if isinstance(low, ipaddress.IPv4Address) and "." not in others[0]:
            others = [f"{first.rpartition('.')[0]}.{others[0]}"]
        return tuple(ipaddress.summarize_address_range(low, ipaddress.ip_address(others[0])))
    return (_unmapped(ipaddress.ip_network(_whole(bare), strict=False)),)


def _whole(bare: str) -> str:
    """The network that an address begins with."""
    if start := BEGINNING_V6.fullmatch(bare):
        return f"{start[1]}::/{16 * (start[1].count(':') + 1)}"
    start = BEGINNING_V4.fullmatch(bare)
    if not start or (start[2] == "." and "." not in start[1]):
        return bare
    groups = start[1].split(".")
    return ".".join([*groups, *["0"] * (4 - len(groups))]) + f"/{8 * len(groups)}"


def _unmapped(network: Network) -> Network:
    """::ffff:192.0.2.0/120 is the network 192.0.2.0/24."""
    if isinstance(network, ipaddress.IPv4Network) or network.prefixlen < 96:  # noqa: PLR2004
        return network
    mapped = network.network_address.ipv4_mapped
    return network if mapped is None else ipaddress.ip_network((mapped, network.prefixlen - 96))


def email(entry: str) -> Entry | None:
    """`name@example.org`, all of a domain (`@example.org`), all below it (`@*.example.org`)."""
    bare = entry.removeprefix("<").removesuffix(">").removeprefix("mailto:")
    if "@" not in bare or "/" in bare or " " in bare:
        return None
    name, _, domain = bare.removeprefix("*").rpartition("@")
    if not name and not bare.startswith("*") and "." not in domain:
        return None  # a handle
    if name.startswith("@") and "@" not in name[1:]:
        return None  # a handle of another house: @name@example.org
    if not EMAIL.fullmatch(f"{name}@{domain}") or (name and bare.startswith("*")):
        raise refused(entry, "an e-mail entry is name@example.org, @example.org or @*.example.org")
    is_below = domain.startswith(("*", "."))
    host = host_name(domain.removeprefix("*").removeprefix("."))
    is_known = _is_top(host) if is_below and "." not in host else _is_host(host)
    if not is_known:
        raise silent(entry, f"{domain or 'nothing'!r} after the @ is no domain")
    if is_below:
        return Entry(entry, EntryKind.EMAIL, f"@.{host}", f"e-mail addresses at and below {host}")
    wanted = mailbox(f"{name}@{host}")
    what = f"the e-mail address {wanted}" if name else f"every e-mail address at {host}"
    return Entry(entry, EntryKind.EMAIL, wanted, what)


def mailbox(written: str) -> str:
    """One spelling for an e-mail address."""
    name, _, domain = written.strip().rpartition("@")
    return f"{without_accents(fold_case(name))}@{host_name(domain)}"


def page(entry: str) -> Entry | None:
    """An address with a path is that page and what lies below it; without one, its host."""
    if " " in entry or "/" not in entry:
        return None
    bare = _schemeless(entry)
    front, _, _ = bare.partition("/")
    if "://" not in entry and not entry.startswith("//") and not _is_host(_bare(front)):
        return None  # and/or
    bare = bare.removesuffix("*") if bare.endswith("/*") else bare
    url = read(f"https://{bare.removeprefix('*.')}")
    if url is None or "*" in bare.removeprefix("*.") or not ("." in url.host or ":" in url.host):
        raise silent(entry, "it is no address of a page of the web")
    wanted = place(canonical(url.href)).rstrip("/")
    if wanted == url.host.removeprefix("www."):
        return Entry(entry, EntryKind.HOST, wanted, f"the host {wanted} and all below it")
    return Entry(entry, EntryKind.PAGE, wanted, f"the page {wanted} and all below it")


def _schemeless(entry: str) -> str:
    """The address without its scheme, whatever stands there for one."""
    scheme, mark, rest = entry.partition("://")
    if mark and scheme.lower() not in ("http", "https", "*"):
        raise silent(entry, "an address of the web begins with http:// or https://")
    return rest if mark else entry.removeprefix("//")


def place(spelled: str) -> str:
    """A canonical address without scheme and `www.`: one page is one place."""
    return spelled.partition("://")[2].removeprefix("www.")


def host(entry: str) -> Entry | None:
    """A host with all below it, or all of a top-level domain (`*.ru`, `.xyz`)."""
    if TOP.fullmatch(entry):
        top = host_name(entry.lstrip("*."))
        if "." not in entry or not _is_top(top):
            if "." in entry:
                raise silent(entry, f"there is no top-level domain .{top}")
            return None
        return Entry(entry, EntryKind.HOST, top, f"every host under .{top}")
    bare = _bare(entry)
    starred = bare.replace("*", "x")
    if "*" in bare and HOST.fullmatch(starred):
        raise refused(entry, "a star stands in front of a host only, as in *.example.org")
    if not _is_host(bare):
        if entry.startswith("*."):
            raise silent(entry, "no host lies under it")
        return None
    name, colon, port = bare.partition(":")
    wanted = host_name(name) + colon + port
    sort = EntryKind.PAGE if colon else EntryKind.HOST
    return Entry(entry, sort, wanted, f"the host {wanted} and all below it")


def host_name(written: str) -> str:
    """A host in the spelling of links: lower case, an international name as ASCII."""
    name = written.strip().lower().strip(".")
    known = None if name.isascii() else read(f"http://{name}")
    return name if known is None else known.host


def _bare(written: str) -> str:
    """What an entry says of a host, without what people write around it."""
    bare = written.partition("://")[2] or written
    bare = bare.partition("/")[0].removeprefix("*.").lstrip(".").strip(".")
    return bare[4:] if bare[:4].lower() == "www." else bare


def _is_host(name: str) -> bool:
    front, colon, port = name.partition(":")
    if colon and not port.isdecimal():
        return False
    return bool(HOST.fullmatch(front)) and _is_top(host_name(front).rpartition(".")[2])


def _is_top(name: str) -> bool:
    return name in RESERVED or is_under_known_top(f"a.{name}")
