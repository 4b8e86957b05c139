"""Which addresses belong to the public internet: our own table, for `is_global` is too kind.

Python calls NAT64, 6to4, site-local, IPv4-compatible and multicast addresses global. Of IPv6 only
2000::/3 is handed out, so everything else is refused without being listed.
Sources: IANA special-purpose registries for IPv4 and IPv6, RFC 6890, RFC 8215, RFC 9637.

What people write as IP:PORT and HOST:PORT is read here too, by everybody: `read_pair`,
`read_endpoint`, `read_authority`.
"""

import re
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from moderator.domain.errors import RefusedError
from moderator.domain.urls.parse import strict

Network = IPv4Network | IPv6Network
Pairs = frozenset[tuple[str, int]]  # exact addresses and ports

MAX_PORT = 65_535
MAPPED_BITS = 96  # before the IPv4 address in ::ffff:0:0/96
PORT = re.compile(r"[0-9]{1,5}")
BEHIND_HOST = re.compile(r"[/?#]")
LABEL = re.compile(r"[a-z0-9_-]+")
NOT_PUBLIC_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # "this" network; reaches local listeners on Linux
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback, all of it
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 wraps any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether `address` (an IP literal without brackets) may be dialled for a stranger."""
    match read_address(address):
        case IPv4Address() as v4:
            return not any(v4 in block for block in NOT_PUBLIC_V4)
        case IPv6Address(scope_id=None) as v6:
            return v6 in PUBLIC_V6 and not any(v6 in block for block in NOT_PUBLIC_V6)
        case _:
            return False


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that `text` is, brackets tolerated; None when it is a name or nonsense."""
    try:
        return ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def read_network(text: str) -> Network:
    """ADDRESS or ADDRESS/BITS. Raises ValueError which says what to write instead."""
    try:
        found = ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise ValueError(
            f"must be IP addresses or networks like 10.0.0.0/8, not {text!r}"
        ) from error
    if "/" in text and str(read_address(text.strip().partition("/")[0])) != str(found[0]):
        raise ValueError(f"must name a network by its first address: {found}, not {text!r}")
    mapped = found[0].ipv4_mapped if isinstance(found, IPv6Network) else None
    if mapped is not None and found.prefixlen >= MAPPED_BITS:
        return IPv4Network((mapped, found.prefixlen - MAPPED_BITS))
    return found


def is_among(networks: Iterable[Network], address: str) -> bool:
    """Whether an address is in one of these; an IPv4 address in IPv6 clothes is the IPv4 one."""
    found = read_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found is not None and any(found in network for network in networks)


def same_address(text: str) -> str:
    """One spelling per address, so that pairs can be compared; '' when it is none."""
    address = read_address(text)
    return "" if address is None else str(address)


def network_of(address: str) -> str:
    """Whom an address belongs to: whoever has one IPv6 address has 2^64. A mapped IPv4 address is
    that one; what is no address stays as it is.
    """
    read = read_address(address)
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ip_network((int(read), 64), strict=False))
    return address if read is None else str(read)


def read_port(text: str) -> int:
    """Raises ValueError."""
    if not PORT.fullmatch(text) or not 0 < int(text) <= MAX_PORT:
        raise ValueError(f"must have a port from 1 to {MAX_PORT}")
    return int(text)


def read_pair(text: str) -> tuple[str, int]:
    """IP:PORT, IPv6 in brackets; the address in its one spelling. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    address = read_address(host)
    if not colon or address is None or is_bracketed != isinstance(address, IPv6Address):
        raise ValueError("must be IP:PORT, an IPv6 address in brackets")
    if isinstance(address, IPv6Address) and address.scope_id:
        raise ValueError("must be an address without a zone")
    return str(address), read_port(port)


def read_endpoint(text: str, port: int) -> tuple[str, int]:
    """IP, which stands for IP and `port`, or IP:PORT. Raises ValueError."""
    is_bare = "[" not in text and read_address(text) is not None
    return (same_address(text), port) if is_bare else read_pair(text)


def read_authority(text: str) -> str:
    """HOST or HOST:PORT, as it stands in Site.hosts and in URLs: in lower case, punycode, and
    without a port that http or https has anyway. Raises ValueError.
    """
    try:
        url = strict(f"http://{text}/")
    except RefusedError as error:
        raise ValueError("must be HOST or HOST:PORT, an IPv6 address in brackets") from error
    if BEHIND_HOST.search(text):
        raise ValueError("must be HOST or HOST:PORT, without scheme or path")
    if not (url.is_literal or all(_is_label(label) for label in url.host.split("."))):
        raise ValueError("must be a name of letters, digits and hyphens")
    if text.endswith(":") or not url.port:
        raise ValueError(f"must have a port from 1 to {MAX_PORT}, or none")
    return url.authority.removesuffix(":443")


def _is_label(text: str) -> bool:
    """One part of a host's name: no star stands for others here."""
    return LABEL.fullmatch(text) is not None and text == text.strip("-")


def host_of(authority: str) -> str:
    """The host of host[:port], without brackets."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]
