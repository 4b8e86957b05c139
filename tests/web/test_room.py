"""Many connections and large bodies: whoever comes next is served all the same."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from moderator.domain.urls.addresses import network_of
from moderator.web.server.capacity import Size
from moderator.web.server.serve import RequestLimits
from tests.web.lab import URL, Lab, an_event
from tests.web.serving import READ_LIMIT, connected, read_replies, send, serving, talk

KIB = 1024
SMALL = Size(connections=48, of_one_address=32, held_bytes=512 * KIB)
PATIENT = RequestLimits(request_seconds=60.0, idle_seconds=60.0, linger_seconds=0.2, size=SMALL)


@pytest.fixture
def lab() -> Lab:
    return Lab()


def a_request(lab: Lab, platform_id: str = "1") -> bytes:
    body = json.dumps(an_event(platform_id=platform_id)).encode()
    return a_head(lab, len(body)) + body


def a_head(lab: Lab, length: int, path: str = URL, key: str | None = None) -> bytes:
    key = f"Authorization: Bearer {key or lab.keys['blog']}\r\n" if key != "" else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: a.test\r\n{key}Content-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


@contextmanager
def crowd(port: int, count: int, address: str = "127.0.0.1") -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                socket.create_connection(
                    ("127.0.0.1", port), timeout=READ_LIMIT, source_address=(address, 0)
                )
            )
            for _ in range(count)
        ]


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(0)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def served(lab: Lab, port: int, count: int) -> int:
    """How many of so many requests, each on a connection of its own, are stored."""
    requests = [a_request(lab, str(number)) for number in range(count)]
    return sum(talk(port, request).status in {200, 202} for request in requests)


def test_a_thousand_idle_connections_of_one_client_stop_nobody(lab: Lab) -> None:
    with serving(lab.app()) as port, crowd(port, 1_000) as idle:
        assert served(lab, port, 20) == 20
        still_open = sum(not is_closed(connection) for connection in idle)
    assert 0 < still_open <= Size().of_one_address


def test_who_has_waited_longest_goes_first(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port, crowd(port, SMALL.of_one_address) as idle:
        used = idle[0]
        send(used, a_request(lab))
        assert read_replies(used)[0].status == 202
        assert served(lab, port, 5) == 5
        assert is_closed(idle[1])
        assert not is_closed(used)


def test_connections_of_many_addresses_stop_nobody(lab: Lab) -> None:
    with ExitStack() as stack:
        port = stack.enter_context(serving(lab.app(), PATIENT))
        for last in range(2, 12):
            stack.enter_context(crowd(port, 20, f"127.0.0.{last}"))
        assert served(lab, port, 20) == 20


def test_heads_that_never_end_stop_nobody(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port, crowd(port, 40) as dripping:
        for connection in dripping:
            send(connection, b"POST /v1/submissions HTTP/1.1\r\nHost: a.test\r\n")
        assert served(lab, port, 20) == 20


def test_a_proxy_of_ours_may_have_any_number(lab: Lab) -> None:
    with (
        serving(lab.app(), PATIENT, proxy="127.0.0.1") as port,
        crowd(port, SMALL.of_one_address + 4) as many,
    ):
        for number, connection in enumerate(many):
            send(connection, a_request(lab, str(number)))
        assert [read_replies(one)[0].status for one in many] == [202] * len(many)


def test_a_body_without_a_credential_is_refused_unread(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port:
        reply = talk(port, a_head(lab, 4_000_000, f"{URL}/bulk", key=""))
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == 'Bearer realm="moderator"'
    assert reply.headers["connection"] == "close"


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [(URL, 2_000_000, 413), ("/doors/blog/pingback", 70_000, 413), ("/nowhere", 70_000, 404)],
)
def test_a_body_that_is_too_large_is_refused_unread(
    lab: Lab, path: str, length: int, status: int
) -> None:
    with serving(lab.app(), PATIENT) as port:
        assert talk(port, a_head(lab, length, path)).status == status


def test_what_is_wanted_is_asked_for(lab: Lab) -> None:
    body = json.dumps(an_event()).encode()
    head = a_head(lab, len(body)).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
    with serving(lab.app(), PATIENT) as port, connected(port) as connection:
        send(connection, head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        send(connection, body)
        assert read_replies(connection)[0].status == 202


def test_unfinished_bodies_are_held_within_bounds(lab: Lab) -> None:
    """The oldest of who sends most is refused; small bodies come through meanwhile."""
    piece = b" " * (SMALL.held_bytes // 8)
    with serving(lab.app(), PATIENT) as port, crowd(port, 24) as senders:
        for connection in senders:
            send(connection, a_head(lab, 4_000_000, f"{URL}/bulk", key="of nobody") + piece)
        assert served(lab, port, 20) == 20
        refused = [reply for one in senders[:16] for reply in read_replies(one)]
        kept = senders[-1]
        kept.settimeout(0)
        with pytest.raises(BlockingIOError):
            kept.recv(1)
    assert [reply.status for reply in refused] == [503] * 16
    assert all(reply.headers["retry-after"] for reply in refused)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8:0:0:1::7", "2001:db8::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_network_is_one_sender(address: str, network: str) -> None:
    assert network_of(address) == network
