"""A really served process and a socket to speak to it byte by byte."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from flask import Flask

from moderator.domain.urls.addresses import read_network
from moderator.web.server.serve import RequestLimits, Traffic, build_server
from moderator.web.traffic import traffic as of_the_service

READ_LIMIT = 10.0  # seconds; only a hung server needs them


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def serving(
    app: Flask,
    limits: RequestLimits | None = None,
    *,
    proxy: str = "",
    traffic: Traffic | None = None,
) -> Iterator[int]:
    """Serve `app` on loopback and yield the port."""
    server = build_server(
        app,
        host="127.0.0.1",
        port=0,
        traffic=traffic or of_the_service(4),
        trusted_proxies=(read_network(proxy),) if proxy else (),
        limits=limits or RequestLimits(),
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.stop()
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=READ_LIMIT) as connection:
        yield connection


def send(connection: socket.socket, data: bytes) -> None:
    """Send as much as the server takes: it may answer and close before the end."""
    try:
        connection.sendall(data)
    except OSError:
        return


def read_replies(connection: socket.socket, count: int = 1) -> list[Reply]:
    """Read up to `count` answers, fewer when the server closes."""
    stream = connection.makefile("rb")
    replies: list[Reply] = []
    while len(replies) < count and (line := stream.readline()):
        status = int(line.split()[1])
        headers = {}
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if status == 100:  # go on, says the server
            continue
        body = stream.read(int(headers.get("content-length", "0")))
        replies.append(Reply(status, headers, body))
    return replies


def talk(port: int, data: bytes) -> Reply:
    """Send `data` on a connection of its own and return the one answer."""
    with connected(port) as connection:
        send(connection, data)
        [reply] = read_replies(connection)
        return reply
