import json
from contextlib import ExitStack
from socket import SHUT_WR, SO_LINGER, SOL_SOCKET
from struct import pack
from threading import Event, Thread

import pytest

from moderator.web.server.connection import Connection
from moderator.web.server.serve import RequestLimits, build_server, one_lane
from tests.web.lab import URL, Lab, an_event
from tests.web.serving import connected, read_replies, send, serving, talk

PATIENT = RequestLimits(request_seconds=30.0, linger_seconds=0.2)
HASTY = RequestLimits(request_seconds=0.2, linger_seconds=0.2)


@pytest.fixture
def lab() -> Lab:
    return Lab()


def a_request(lab: Lab, *lines: str, body: bytes | None = None, target: str = URL) -> bytes:
    """Return a good POST with further header lines."""
    sent = json.dumps(an_event()).encode() if body is None else body
    head = [
        f"POST {target} HTTP/1.1",
        f"Authorization: Bearer {lab.keys['blog']}",
        "Content-Type: application/json",
        *lines,
    ]
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        head.append(f"Content-Length: {len(sent)}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + sent


HOST = "Host: moderation.example.org"


def test_a_good_request_is_served(lab: Lab) -> None:
    with serving(lab.app()) as port:
        reply = talk(port, a_request(lab, HOST))
    assert reply.status == 202
    assert "server" not in reply.headers


def test_chunks_are_put_together(lab: Lab) -> None:
    body = json.dumps(an_event()).encode()
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    with serving(lab.app()) as port:
        reply = talk(port, a_request(lab, HOST, "Transfer-Encoding: chunked", body=chunks))
    assert reply.status == 202


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((), 400),
        (("Host: a.test", "Host: b.test"), 400),
        (("Host: a b",), 400),
        (("Host: a..test",), 400),
        ((f"Host: {'a' * 64}.test",), 400),
        ((HOST, "X-A: a\r\n b"), 400),
        ((HOST, *["X-A: b"] * 200), 431),
        ((HOST, f"X-A: {'a' * 40_000}"), 431),
        ((HOST, "Content-Length: 5", "Content-Length: 5"), 400),
        ((HOST, "Content-Length: +5"), 400),
        ((HOST, "Content-Length: -1"), 400),
        ((HOST, "Content-Length: 10737418240"), 413),
        ((HOST, "Content-Length: 5", "Transfer-Encoding: chunked"), 400),
        ((HOST, "Transfer-Encoding: chunked", "Transfer-Encoding: identity"), 400),
        ((HOST, "Transfer-Encoding: gzip, chunked"), 400),
        ((HOST, "Transfer-Encoding : chunked"), 400),
        ((HOST, "Authorization: Bearer twice"), 400),
        ((HOST, "webhook-signature: v1,AA==", "Webhook-Signature: v1,AA=="), 400),
    ],
)
def test_a_head_that_says_two_things_is_refused(
    lab: Lab, lines: tuple[str, ...], status: int
) -> None:
    with serving(lab.app(), PATIENT) as port:
        reply = talk(port, a_request(lab, *lines))
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert json.loads(reply.body)["status"] == status
    assert not lab.store.arrivals


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("http://a.test", "a.test"), ("http://a.test:80", "A.test"), ("http://a.test", "a.test:80"),
        ("HTTPS://a.test:443", "a.test"), ("http://a.test:8080", "a.test:8080"),
    ],
)  # fmt: skip
def test_a_proxy_may_write_the_usual_port(lab: Lab, target: str, host: str) -> None:
    with serving(lab.app(), PATIENT) as port:
        asked = f"GET {target}/healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        assert talk(port, asked).status == 200


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (bytes.fromhex("16030100c8010000c40303"), 400),
        (b"POST  /v1/submissions HTTP/1.1\r\n", 400),
        (b"GET /" + b"a" * 100_000, 414),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET http://evil.test/healthz HTTP/1.1\r\nHost: a.test\r\n\r\n", 421),
        (b"GET http://a.test:8080/healthz HTTP/1.1\r\nHost: a.test\r\n\r\n", 421),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\rX-A: b\r\n", 400),
        (b"GET //healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /healthz#top HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"get /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ],
)
def test_a_stranger_to_http_is_answered_without_waiting(lab: Lab, data: bytes, status: int) -> None:
    with serving(lab.app(), PATIENT) as port:
        assert talk(port, data).status == status


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        (b"FFFFFFFFFFFFFFFFF\r\nabc", 413),
        (b"1;" + b"e" * 100_000, 400),
        (b"zz\r\n", 400),
        (b"0\r\n" + b"X-A: b\r\n" * 1_000, 400),
    ],
)
def test_chunks_without_a_good_end_are_refused(lab: Lab, chunks: bytes, status: int) -> None:
    with serving(lab.app(), PATIENT) as port:
        data = a_request(lab, HOST, "Transfer-Encoding: chunked", body=chunks)
        assert talk(port, data).status == status


def test_a_trailer_means_nothing(lab: Lab) -> None:
    body = json.dumps(an_event()).encode()
    chunks = b"%x\r\n%s\r\n0\r\nAuthorization: Bearer other\r\n\r\n" % (len(body), body)
    with serving(lab.app(), PATIENT) as port:
        reply = talk(port, a_request(lab, HOST, "Transfer-Encoding: chunked", body=chunks))
    assert reply.status == 202


def test_what_is_good_is_answered_before_what_is_not(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port, connected(port) as connection:
        send(connection, a_request(lab, HOST) + b"nonsense\r\n\r\n" + a_request(lab, HOST))
        replies = read_replies(connection, count=3)
    assert [reply.status for reply in replies] == [202, 400]
    assert len(lab.store.arrivals) == 1


def test_a_wish_for_another_protocol_is_passed_over(lab: Lab) -> None:
    wish = f"GET /healthz HTTP/1.1\r\n{HOST}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    with serving(lab.app(), PATIENT) as port, connected(port) as connection:
        send(connection, wish.encode() + a_request(lab, HOST))
        replies = read_replies(connection, count=2)
    assert [reply.status for reply in replies] == [200, 202]


def test_who_closes_one_half_is_answered(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port, connected(port) as connection:
        send(connection, a_request(lab, HOST) + f"GET /healthz HTTP/1.1\r\n{HOST}\r\n\r\n".encode())
        connection.shutdown(SHUT_WR)
        replies = read_replies(connection, count=3)
    assert [reply.status for reply in replies] == [202, 200]


def test_who_does_not_read_is_cut_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    app, is_cut_off, size = lab.app(), Event(), 16 * 1024 * 1024  # more than the system keeps
    abort = Connection.abort

    @app.get("/large")
    def large() -> bytes:
        return bytes(size)

    def told(connection: Connection) -> None:
        abort(connection)
        is_cut_off.set()

    monkeypatch.setattr(Connection, "abort", told)
    with serving(app, HASTY) as port, connected(port) as connection:
        send(connection, f"GET /large HTTP/1.1\r\n{HOST}\r\n\r\n".encode())
        assert is_cut_off.wait(10)
        [reply] = read_replies(connection)
    assert len(reply.body) < size


def test_trace_repeats_nothing(lab: Lab) -> None:
    with serving(lab.app()) as port:
        reply = talk(port, f"TRACE {URL} HTTP/1.1\r\n{HOST}\r\nX-Canary: tweet\r\n\r\n".encode())
    assert reply.status == 405
    assert b"tweet" not in reply.body


@pytest.mark.parametrize("cut", [10, -5])
def test_a_request_that_never_ends_is_timed_out(lab: Lab, cut: int) -> None:
    with serving(lab.app(), HASTY) as port:
        reply = talk(port, a_request(lab, HOST)[:cut])
    assert reply.status == 408
    assert reply.headers["connection"] == "close"


def test_slow_clients_do_not_keep_others_waiting(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port, connected(port) as one, connected(port) as two:
        for slow in (one, two):
            send(slow, a_request(lab, HOST)[:-1])
        assert talk(port, a_request(lab, HOST)).status == 202
        for slow in (one, two):
            send(slow, b"}")
            [reply] = read_replies(slow)
            assert reply.status == 200


def test_requests_in_one_packet_are_answered_in_order(lab: Lab) -> None:
    bodies = [json.dumps(an_event(platform_id=str(n))).encode() for n in range(10)]
    with serving(lab.app()) as port, connected(port) as connection:
        send(connection, b"".join(a_request(lab, HOST, body=body) for body in bodies))
        replies = read_replies(connection, count=10)
    ids = [json.loads(reply.body)["id"] for reply in replies]
    assert ids == [arrival.submission.id for arrival in lab.store.arrivals]


def test_any_number_of_requests_may_come_in_one_packet(lab: Lab) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    with serving(lab.app(), PATIENT) as port, connected(port) as connection:
        send(connection, asked * 2_000)
        replies = read_replies(connection, count=2_000)
    assert [reply.status for reply in replies] == [200] * 2_000


def test_closing_twice_leaves_the_server_alive(lab: Lab) -> None:
    with serving(lab.app(), PATIENT) as port:
        for _ in range(20):
            with connected(port) as gone:
                send(gone, b"nonsense\r\n\r\n" + b"a" * 10_000)
                gone.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))  # ends with a reset
        assert talk(port, a_request(lab, HOST)).status == 202


def test_a_request_under_way_is_answered_before_the_server_ends(lab: Lab) -> None:
    app, begun, may_end = lab.app(), Event(), Event()

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        assert may_end.wait(10)
        return "done"

    server = build_server(app, host="127.0.0.1", port=0, traffic=one_lane(2))
    thread = Thread(target=server.run)
    thread.start()
    with connected(server.effective_port) as connection:
        send(connection, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        assert begun.wait(10)
        server.stop()
        may_end.set()
        [reply] = read_replies(connection)
    thread.join(10)
    assert reply.body == b"done"
    assert not thread.is_alive()


def test_a_server_ends_though_somebody_stays_connected(lab: Lab) -> None:
    server = ExitStack()
    port = server.enter_context(serving(lab.app()))
    with connected(port) as idle, connected(port) as begun:
        send(begun, b"POST /v1/submissions HTTP/1.1\r\nHost")
        send(idle, a_request(lab, HOST))
        assert read_replies(idle)[0].status == 202
        server.close()
        assert (idle.recv(1), begun.recv(1)) == (b"", b"")


def test_to_stop_a_server_that_has_stopped_is_no_fault() -> None:
    server = build_server(Lab().app(), host="127.0.0.1", port=0, traffic=one_lane(1))
    server.stop()
    server.run()
    server.stop()
