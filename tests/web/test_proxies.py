"""Who a request comes from, where proxies stand before us."""

import pytest
from flask import request

from tests.web.lab import Lab
from tests.web.serving import serving, talk

HOST = "Host: moderation.example.org"


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.mark.parametrize(
    ("proxy", "seen"), [("", "127.0.0.1 http"), ("127.0.0.1", "192.0.2.7 https")]
)
def test_only_the_proxy_may_say_where_a_request_came_from(lab: Lab, proxy: str, seen: str) -> None:
    app = lab.app()

    @app.get("/whence")
    def whence() -> str:
        return f"{request.remote_addr} {request.scheme}"

    head = f"GET /whence HTTP/1.1\r\n{HOST}\r\nX-Forwarded-For: 192.0.2.7\r\n"
    with serving(app, proxy=proxy) as port:
        reply = talk(port, f"{head}X-Forwarded-Proto: https\r\n\r\n".encode())
    assert reply.body.decode() == seen


@pytest.mark.parametrize(
    ("heard", "sender"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.1, 192.0.2.7", "192.0.2.7"),  # who claims to be somebody else
        ("203.0.113.1, 192.0.2.7, 127.0.0.9", "192.0.2.7"),  # through two proxies of ours
        ("nobody, 127.0.0.9", "127.0.0.9"),
        ("", "127.0.0.1"),
    ],
)
def test_the_sender_is_the_last_who_is_no_proxy(lab: Lab, heard: str, sender: str) -> None:
    app = lab.app()

    @app.get("/whence")
    def whence() -> str:
        return str(request.remote_addr)

    head = f"GET /whence HTTP/1.1\r\n{HOST}\r\nX-Forwarded-For: {heard}\r\n\r\n"
    with serving(app, proxy="127.0.0.0/8") as port:
        assert talk(port, head.encode()).body.decode() == sender
