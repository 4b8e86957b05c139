"""kill -9 of web, workers and Redis while submissions arrive: nothing answered 2xx is lost."""

import json
import os
import random
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

import pytest

from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.sites import ManageSites
from tests.marks import EVERY_STATE, long_but
from tests.processes import FakeBlog, Service

COUNT = int(os.environ.get("KILL_SUBMISSIONS", "2004" if EVERY_STATE else "200"))
CLIENTS = 8
ROUNDS = 12 if EVERY_STATE else 4  # every process is killed so often, by four
VICTIMS = ("web", "worker", "redis", "worker2")
WORDS = Path(__file__).read_text().split()


def enrol(database: Database, blog: FakeBlog) -> str:
    site = Site(
        id="blog",
        name="A blog",
        url="https://blog.example.org/",
        hosts=frozenset({"blog.example.org"}),
        callback_url=blog.url,
        allowed_addresses=frozenset({("127.0.0.1", blog.port)}),
    )
    return ManageSites(SiteRows(database), os.urandom).add(site, datetime.now(UTC)).api_key


class Sender:
    """A blog's side: sends every comment until it is answered 2xx, with one key for all tries."""

    def __init__(self, base: str, key: str) -> None:
        self.base = base
        self.key = key
        self.answers: Counter[int] = Counter()

    def send(self, number: int) -> str:
        event = {
            "type": "comment.created",
            "timestamp": "2026-01-01T12:00:00Z",
            "data": {
                "site": {"id": "blog"},
                "comment": {
                    "id": str(number),
                    "type": "comment",
                    "content": {"raw": text(number), "format": "text"},
                    "published": "2026-01-01T12:00:00Z",
                },
                "author": {"name": f"Reader {number}", "email": f"r{number}@example.org"},
                "post": {"id": "1", "url": "https://blog.example.org/1", "title": "One"},
            },
        }
        request = urllib.request.Request(  # noqa: S310  # loopback
            f"{self.base}/v1/submissions",
            json.dumps(event).encode(),
            {
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"key-{number}",
            },
        )
        for _ in range(200):
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                    self.answers[answer.status] += 1
                    return str(json.loads(answer.read())["id"])
            except urllib.error.HTTPError as error:
                self.answers[error.code] += 1
                if error.code not in (429, 503):
                    raise
            except (OSError, HTTPException):
                self.answers[0] += 1
            threading.Event().wait(0.1)
        raise AssertionError(f"comment {number} was never taken")


def text(number: int) -> str:
    """A text of its own: no two comments are copies."""
    chosen = random.Random(number).sample(WORDS, 25)  # noqa: S311
    return f"Comment {number}: " + " ".join(chosen)


def kill(service: Service, victim: str) -> None:
    """End a process in the middle of its work, and start it again."""
    if victim == "redis":
        service.redis.stop()
        service.redis.start()
    else:
        service.kill(victim)
        service.start(victim)


def send_all(service: Service, sender: Sender) -> list[str]:
    """Send COUNT comments; after the half of each part one process is killed."""
    ids: list[str] = []
    part = COUNT // ROUNDS
    with ThreadPoolExecutor(CLIENTS) as clients:
        for number in range(ROUNDS):
            first = number * part
            sent = [clients.submit(sender.send, n) for n in range(first, first + part)]
            answered = as_completed(sent)
            ids += [next(answered).result() for _ in range(part // 2)]
            kill(service, VICTIMS[number % len(VICTIMS)])
            ids += [future.result() for future in answered]
    return ids


@pytest.mark.timeout(400)
@pytest.mark.parametrize("database_url", long_but(("sqlite", "postgres"), "sqlite"), indirect=True)
def test_every_2xx_has_one_decision_and_one_callback(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    with FakeBlog() as blog:
        key = enrol(database, blog)
        with Service(tmp_path, database_url) as service:
            ids = send_all(service, Sender(service.base, key))
            got = blog.wait_for(COUNT, seconds=150)
    assert len(set(ids)) == COUNT
    assert got == {f"msg_{id_}-1" for id_ in ids}
    assert decisions_of_all(database) == dict.fromkeys(ids, 1)
    database.close()
    bodies: dict[str, set[bytes]] = {}
    for message_id, body in blog.got:
        bodies.setdefault(message_id, set()).add(body)
    assert [id_ for id_, copies in bodies.items() if len(copies) != 1] == []


def decisions_of_all(database: Database) -> dict[str, int]:
    """How many decisions every stored submission has."""
    with database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT s.id, count(d.id) FROM submissions s"
            " LEFT JOIN decisions d ON d.submission_id = s.id GROUP BY s.id"
        ).all()
    return {row[0]: row[1] for row in rows}
