"""Clients that send events until they are answered, and keep the books."""

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from random import Random

from integrations.chaos.act import MAIN, PROBED
from integrations.chaos.events import Event, created
from integrations.chaos.ledger import Accepted, Ledger, Try

PATIENCE = 15.0  # seconds that a client waits for an answer
# 503 and 429 say "again"; 502 and 504 are a proxy's. All else but 2xx is wrong.
AGAIN = frozenset({0, 429, 503})
PACE = 0.25  # seconds between two comments of one client, in the mean
PROBE_PACE = 0.5
CLIENTS = 5


class Sender:
    """Posts to the intake; `stopping` ends whoever is still trying."""

    def __init__(self, base: str, keys: dict[str, str], ledger: Ledger) -> None:
        self.base = base
        self.keys = keys
        self.ledger = ledger
        self.stopping = threading.Event()

    def send(self, site: str, event: Event, key: str) -> Accepted | None:
        """Until it is accepted; None where that never was, or it was refused for good."""
        while not self.stopping.is_set():
            began = time.monotonic()
            status, body = self.post(site, event, key)
            seconds = time.monotonic() - began
            with self.ledger.writing():
                self.ledger.tries.append(Try(began, seconds, status))
            if status // 100 == 2:
                return self._accept(site, event, key, (began, body))
            if status not in AGAIN:
                self.wrong(f"{event.kind} {event.comment}: {status} {body[:200]!r}")
                return None
            self.stopping.wait(0.1)
        return None

    def wrong(self, words: str) -> None:
        with self.ledger.writing():
            self.ledger.wrong.append(words)

    def post(self, site: str, event: Event, key: str) -> tuple[int, bytes]:
        """Once; 0 for no whole answer."""
        request = urllib.request.Request(  # noqa: S310  # loopback
            f"{self.base}/v1/submissions",
            json.dumps(event.body).encode(),
            {
                "Authorization": f"Bearer {self.keys[site]}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _rest(error)
        except (OSError, HTTPException):
            return 0, b""

    def _accept(self, site: str, event: Event, key: str, answer: tuple[float, bytes]) -> Accepted:
        began, body = answer
        said = hashlib.sha256(json.dumps(event.data).encode()).hexdigest()
        id_ = str(json.loads(body)["id"])
        accepted = Accepted(
            site, key, event.kind, event.comment, id_, said, event.order, event.marker, began
        )
        with self.ledger.writing():
            self.ledger.accepted.append(accepted)
        return accepted


def _rest(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read()
    except (OSError, HTTPException):
        return b""


class Crowd:
    """Visitors of the busy blog, and a probe at a quiet one whose callback address never fails."""

    def __init__(self, sender: Sender, seed: int, page: str) -> None:
        self._sender = sender
        self._seed = seed
        self._page = page
        self._over = threading.Event()
        self._probes_over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        self._run(self._probe, 0)
        for number in range(1, CLIENTS + 1):
            self._run(self._visit, number)

    def _run(self, target: Callable[[int, Random], None], number: int) -> None:
        random = Random(f"{self._seed}/{number}")  # noqa: S311  # to be repeated
        thread = threading.Thread(target=target, args=(number, random), daemon=True)
        self._threads.append(thread)
        thread.start()

    def end(self, until: float) -> None:
        """The visitors go; what they were sending they send to the end, if that comes in time."""
        self._over.set()
        self._join(until)

    def end_probes(self, until: float) -> None:
        self._probes_over.set()
        self._join(until, first=0)

    def _join(self, until: float, first: int = 1) -> None:
        for thread in self._threads[first:]:
            thread.join(max(0.0, until - time.monotonic()))

    def _probe(self, _number: int, random: Random) -> None:
        count = 0
        while not self._probes_over.wait(PROBE_PACE):
            count += 1
            for site in (PROBED, MAIN):
                comment = f"probe-{site}-{count}"
                self._sender.send(site, created(site, comment, random), f"key-{comment}")

    def _visit(self, number: int, random: Random) -> None:
        count = 0
        while not self._over.wait(random.expovariate(1 / PACE)):
            count += 1
            comment = f"c{number}-{count}"
            more = f"{self._page}/{comment}" if random.random() < 0.2 else ""
            event = created(MAIN, comment, random, more=more, is_held=random.random() < 0.2)
            if self._sender.send(MAIN, event, f"key-{comment}") and random.random() < 0.1:
                self._again(event, random)

    def _again(self, event: Event, random: Random) -> None:
        """The same once more, as who did not hear the answer; or another body under its key."""
        key = f"key-{event.comment}"
        if random.random() < 0.7:
            self._sender.send(MAIN, event, key)
            return
        other = created(MAIN, f"{event.comment}-other", random)
        status, body = 0, b""
        while status in AGAIN and not self._sender.stopping.is_set():
            status, body = self._sender.post(MAIN, other, key)
        if status not in AGAIN and status != 409:
            self._sender.wrong(f"another body under {key}: {status} {body[:200]!r}")
