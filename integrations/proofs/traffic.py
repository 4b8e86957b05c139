"""What blogs do while hosts come and go: they send, note what was answered, and take callbacks."""

import json
import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from integrations.proofs.ground import ROOT, ask, event

WORDS = sorted(set(re.findall(r"[a-z]{4,12}", (ROOT / "docs" / "concepts.md").read_text())))


def text(number: int) -> str:
    """Of its own: no two comments are copies."""
    chosen = random.Random(number)  # noqa: S311
    return f"Comment {number}: " + " ".join(chosen.choice(WORDS) for _ in range(24))


@dataclass(frozen=True, slots=True)
class Sent:
    """One comment that was answered 2xx: by whom, after how long, and how many tries before."""

    number: int
    id: str
    host: str
    began: float
    seconds: float
    failed: int


@dataclass(slots=True)
class Ledger:
    """What the blogs know."""

    sent: list[Sent] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, one: Sent) -> None:
        with self.lock:
            self.sent.append(one)


class Client(threading.Thread):
    """Sends a comment every `pause` seconds to its own host, and to the next where none answers."""

    def __init__(self, bases: Sequence[tuple[str, str]], key: str, ledger: Ledger, first: int,
                 pause: float) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.bases, self.key, self.ledger = tuple(bases), key, ledger
        self.first, self.pause = first, pause
        self.stopping = threading.Event()

    def run(self) -> None:
        number = self.first
        while not self.stopping.wait(self.pause):
            self._send(number)
            number += 1

    def _send(self, number: int) -> None:
        body, began, failed = event(number, "blog", text(number)), time.monotonic(), 0
        while True:
            host, base = self.bases[failed % len(self.bases)]
            try:
                status, answer = ask(f"{base}/v1/submissions", self.key, body, seconds=3)
            except OSError:
                status, answer = 0, b""
            if 200 <= status < 300:
                taken = time.monotonic() - began
                id_ = str(json.loads(answer)["id"])
                self.ledger.add(Sent(number, id_, host, began, taken, failed))
                return
            failed += 1
            self.stopping.wait(0.05)


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A host that is cut off hangs up in the middle of what it says."""


class Blog:
    """Takes callbacks: from whom, when, which id and bytes; may keep one host waiting."""

    def __init__(self, host: str) -> None:
        self.got: list[tuple[str, float, str, bytes]] = []
        self.kept: set[str] = set()  # ids whose answer `slow` waits for
        self.slow = ""
        self.go_on = threading.Event()
        self.lock = threading.Lock()
        blog = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                blog.take(self.client_address[0], self.headers["webhook-id"], body)
                try:
                    self.send_response(204)
                    self.end_headers()
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return None

        self.server = Server((host, 0), Door)
        self.server.daemon_threads = True
        self.place = f"{host}:{self.server.server_address[1]}"

    def take(self, sender: str, id_: str, body: bytes) -> None:
        with self.lock:
            self.got.append((sender, time.monotonic(), id_, body))
            if sender == self.slow:
                self.kept.add(id_)
        if sender == self.slow:
            self.go_on.wait(120)

    def ids(self, *, but_from: str = "") -> set[str]:
        with self.lock:
            return {id_ for sender, _, id_, _ in self.got if sender != but_from}

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()
