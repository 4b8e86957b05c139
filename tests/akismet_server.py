"""A stand-in for Akismet's servers: HTTP on loopback, answers what the test wrote down."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Answer:
    body: str = "false"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False  # takes the request and never answers
    is_cut: bool = False  # closes the connection without an answer


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # all that come at once are let in at once


class AkismetServer:
    """`answer` is what the next requests get; `seen` is what they sent: path, headers, form."""

    def __init__(self) -> None:
        self.answer = Answer()
        self.seen: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self._ending = threading.Event()
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.respond(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return None

        self._server = Listener(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.seen.append((request.path, dict(request.headers), form))
        answer = self.answer
        if answer.is_silent:
            self._ending.wait()
            return
        if answer.is_cut:
            return
        request.send_response(answer.status)
        for name, value in answer.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer.body)))
        request.end_headers()
        request.wfile.write(answer.body.encode())

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()
