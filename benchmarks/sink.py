"""A blog that takes every callback at once and notes when it first heard of each comment.

One process, epoll, no parsing beyond what is counted, so that it costs next to nothing. Pages that
comments link to are here as well. Whoever measures asks `GET /heard` and `GET /times`, and says
`DELETE /` before a new count.
"""

import json
import re
import selectors
import socket
import sys
import time

TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
COMMENT = re.compile(rb'"comment"\s*:\s*\{\s*"id"\s*:\s*"([^"]*)"')
Selector = selectors.BaseSelector


class Heard:
    """When each comment's first callback came, in seconds since 1970."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.last = 0.0
        self.again = 0  # further callbacks for comments that were heard of

    def answer(self, request: bytes, body: bytes) -> bytes:
        if request.startswith(b"POST "):
            self._note(body)
            return TAKEN
        if request.startswith(b"GET /heard "):
            return _json({"count": len(self.times), "last": self.last, "again": self.again})
        if request.startswith(b"GET /times "):
            return _json(self.times)
        if request.startswith(b"DELETE "):
            self.__init__()  # type: ignore[misc]  # as new
            return TAKEN
        return PAGE

    def _note(self, body: bytes) -> None:
        found = COMMENT.search(body)
        name = found[1].decode("utf-8", "replace") if found else ""
        if name in self.times:
            self.again += 1
            return
        self.last = self.times[name] = time.time()


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


class Client:
    """One connection and what has come over it so far."""

    def __init__(self, connection: socket.socket, heard: Heard) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.heard = heard
        self.waiting = b""

    def receive(self) -> bool:
        """Answer what is complete; False when the connection is over."""
        try:
            got = self.socket.recv(262_144)
            self.waiting += got
            while self._answer_one():
                pass
        except OSError:
            return False
        return bool(got)

    def _answer_one(self) -> bool:
        head, found, rest = self.waiting.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        if len(rest) < length:
            return False
        self.waiting = rest[length:]
        self.socket.sendall(self.heard.answer(head, rest[:length]))
        return True


def serve(door: socket.socket) -> None:
    heard = Heard()
    selector = selectors.DefaultSelector()
    selector.register(door, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                client = Client(door.accept()[0], heard)
                selector.register(client.socket, selectors.EVENT_READ, client)
            elif not key.data.receive():
                selector.unregister(key.data.socket)
                key.data.socket.close()


def main() -> None:
    serve(socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=512))


if __name__ == "__main__":
    main()
