"""The blog that hears the verdicts, and how it misbehaves; its log is what the service is held to.

Modes: take, fail (503), close (no answer), hang (none while the mode lasts), pieces (a whole
answer, a byte at a time), cut (less than was promised). `go` and `come_back`: it listens no
more, and again.
"""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from integrations.chaos.ledger import Received

MODES = ("fail", "close", "hang", "pieces", "cut")
PIECES = b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n" + b'{"applied":true}'
CUT = b'HTTP/1.1 200 OK\r\nContent-Length: 160\r\n\r\n{"applied":'
PAGE = b"<title>A page</title><p>Nothing but a page."


class Receiver:
    """`with Receiver() as blog`: one address for the whole run."""

    def __init__(self) -> None:
        self.log: list[Received] = []
        self.mode = "take"
        self._lock = threading.Lock()
        self._changed = threading.Event()  # set when a mode ends
        self._server: _Server | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self.misbehave("take")
        self.go()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/verdict"

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.port}/page"

    def misbehave(self, mode: str) -> None:
        self.mode = mode
        self._changed.set()
        self._changed = threading.Event()

    def go(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def come_back(self) -> None:
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, id_: str, body: bytes) -> int:
        """Note what came; the place of it in the log."""
        with self._lock:
            self.log.append(Received(id_, body, time.monotonic()))
            return len(self.log) - 1

    def taken(self, place: int) -> None:
        """A whole 2xx was written."""
        with self._lock:
            one = self.log[place]
            self.log[place] = Received(one.id, one.body, one.at, time.monotonic())

    def hang(self) -> None:
        self._changed.wait(60)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: "_Server"

    def do_POST(self) -> None:
        blog = self.server.blog
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mode, place = blog.mode, blog.take(self.headers["webhook-id"], body)
        match mode:
            case "take":
                self._say(204)
                blog.taken(place)
            case "pieces":
                for byte in PIECES:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.02)
                blog.taken(place)
            case "fail":
                self._say(503)
            case "cut":
                self.wfile.write(CUT)
                self.close_connection = True
            case _:
                if mode == "hang":
                    blog.hang()
                self.close_connection = True

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(PAGE)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _say(self, status: int) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, blog: Receiver) -> None:
        self.blog = blog
        super().__init__(("127.0.0.1", blog.port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asks may be killed in the middle of it."""
