import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.urls.addresses import (
    host_of,
    is_public,
    read_authority,
    read_endpoint,
    read_pair,
    same_address,
)

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible
    "::ffff:127.0.0.1",  # IPv4-mapped
    "::ffff:8.8.8.8",  # mapped, even to a public address: nobody needs it
    "::ffff:0:7f00:1",  # IPv4-translated
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b:1::7f00:1",  # NAT64, local use
    "100::1",  # discard
    "2001:0:7f00:42::1",  # Teredo
    "2001:2::1",  # benchmarks
    "2001:10::1",  # ORCHID
    "2001:20::1",  # ORCHIDv2
    "2001:db8::1",  # documentation
    "2002:7f00:1::",  # 6to4
    "3fff::1",  # documentation
    "5f00::1",  # segment routing
    "fc00::1",
    "fd00:ec2::254",  # cloud metadata
    "fe80::1",
    "fe80::1%lo",
    "2606:4700::1%eth0",  # a zone on anything
    "fec0::1",  # site-local
    "ff02::1",  # multicast
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2a00:1450::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_the_public_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f.1", "1.2.3", "[::1", "1.2.3.4.5"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_no_disguise_of_an_ipv4_address_is_public(address: object) -> None:
    hexed = f"{int(address):08x}"  # type: ignore[call-overload]  # ip_addresses() is typed loosely
    high, low = hexed[:4], hexed[4:]
    for disguise in (
        f"::{high}:{low}",
        f"::ffff:{high}:{low}",
        f"::ffff:0:{high}:{low}",
        f"64:ff9b::{high}:{low}",
        f"64:ff9b:1::{high}:{low}",
        f"2002:{high}:{low}::1",
        f"2001:0:{high}:{low}::1",
    ):
        assert not is_public(disguise)


def test_one_address_has_one_spelling() -> None:
    assert same_address("[0:0:0:0:0:0:0:1]") == same_address("::1") == "::1"
    assert same_address("example.org") == ""


NO_PAIRS = [
    "nonsense:80", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:0", "127.0.0.1:99999",
    "127.0.0.1:65536", "127.0.0.1:+80", "127.0.0.1: 80", "127.0.0.1:8\N{ARABIC-INDIC DIGIT ONE}",
    "127.0.0.0/8:80", "127.1:80", "::1:80", "[::1:80", "::1]:80", "[127.0.0.1]:80", "[::1]80",
    "[fe80::1%eth0]:80", "http://127.0.0.1:80", "", "127.0.0.1:80 ", "127.0.0.1:80:80",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_PAIRS)
def test_what_is_no_exact_pair_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        read_pair(text)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("192.0.2.10:8080", ("192.0.2.10", 8080)),
        ("[::1]:65535", ("::1", 65535)),
        ("[2001:DB8:0::1]:1", ("2001:db8::1", 1)),
    ],
)
def test_a_pair_is_read_into_its_one_spelling(text: str, pair: tuple[str, int]) -> None:
    assert read_pair(text) == pair
    assert read_endpoint(text, 53) == pair


def test_an_endpoint_without_a_port_has_the_usual_one() -> None:
    assert read_endpoint("192.0.2.10", 53) == ("192.0.2.10", 53)
    assert read_endpoint("::1", 53) == ("::1", 53)
    with pytest.raises(ValueError, match="must"):
        read_endpoint("[::1]", 53)


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("Blog.Example.org", "blog.example.org"),
        ("blog.example.org.", "blog.example.org"),
        ("blog.example.org:80", "blog.example.org"),
        ("blog.example.org:443", "blog.example.org"),
        ("blog.example.org:08080", "blog.example.org:8080"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("[2001:DB8::1]:8080", "[2001:db8::1]:8080"),
        ("[::443]", "[::443]"),
        ("192.0.2.10:8080", "192.0.2.10:8080"),
    ],
)
def test_a_host_is_read_as_it_stands_in_addresses(text: str, authority: str) -> None:
    assert read_authority(text) == authority
    assert host_of(authority) in text.lower() or authority.startswith("xn--")


@pytest.mark.parametrize(
    "text",
    ["", ":80", "a:", "a:0", "a:99999", "a:x", "a b", "http://a", "a/b", "a?b", "a#", "u@a", "::1",
     "a..b", "a\\b", "a:80:80", "[::1", "a\n", "\ud800"],
)  # fmt: skip
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        read_authority(text)
