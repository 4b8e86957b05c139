"""The service when its database is in trouble, really served: it says so, and soon."""

import json
import resource
import select
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

import pytest
from alembic import command

from moderator import signing
from moderator.intake.webhook.events import CONTENT_LIMIT
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import config, upgrade
from moderator.web.server.serve import RequestLimits
from moderator.wsgi import build
from tests.builders import NOON, a_site
from tests.processes import Service
from tests.web.lab import URL, an_event
from tests.web.serving import Reply, connected, read_replies, send, serving, talk

KEYS = {name: signing.new_api_key(name.encode().ljust(32, b".")) for name in ("blog", "other")}
HEALTH, READY = (
    f"GET {path} HTTP/1.1\r\nHost: a.test\r\n\r\n".encode() for path in ("/healthz", "/readyz")
)


@dataclass
class Place:
    path: Path
    port: int

    def locked(self) -> sqlite3.Connection:
        """Another writer, at work until it is closed."""
        writer = sqlite3.connect(self.path, isolation_level=None)
        writer.execute("BEGIN EXCLUSIVE")
        return writer

    def readiness(self) -> tuple[int, str]:
        reply = talk(self.port, READY)
        return reply.status, json.loads(reply.body)["database"]

    def wait_until_ready(self) -> None:
        for _ in range(100):
            if self.readiness() == (200, "ok"):
                return
            Event().wait(0.1)
        raise AssertionError(self.readiness())


def fill(path: Path) -> None:
    with closing(Database(f"sqlite:///{path}")) as database:
        upgrade(database)
        for name, key in KEYS.items():
            SiteRows(database).add(
                a_site(id=name), key_prefix=key.prefix, key_digest=key.digest, now=NOON
            )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    path = tmp_path / "moderator.db"
    fill(path)
    settings = Settings(
        database_url=f"sqlite:///{path}", data_dir=tmp_path, redis_url="redis://127.0.0.1:9/0"
    )
    with serving(build(settings), RequestLimits()) as port:
        yield Place(path, port)


def a_post(
    platform_id: str,
    text: str = "A text.",
    *,
    site: str = "blog",
    path: str = URL,
    **more: Any,  # noqa: ANN401  # free JSON; `type` is the comment's
) -> bytes:
    kind = more.pop("type", "comment")
    comment = {"id": platform_id, "type": kind, "content": {"raw": text, "format": "text"}}
    event = an_event(site=site, comment=comment, **more)
    value = {"events": [event]} if path.endswith("bulk") else event
    body = json.dumps(value, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer {KEYS[site].value}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def a_ping(page: str) -> bytes:
    form = f"url=https://source.example/{page}&title=Title".encode()
    head = (
        "POST /doors/blog/trackback?target=https://blog.example.org/a HTTP/1.1\r\nHost: a.test\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    )
    return head.encode() + form


def test_while_another_writer_holds_the_database_everything_is_answered(place: Place) -> None:
    requests = [
        *(a_post(str(number)) for number in range(200)),
        *(a_post(f"bulk-{number}", path=f"{URL}/bulk") for number in range(20)),
        *(a_post(f"large-{number}", "word " * 10_000) for number in range(10)),
        *(a_ping(str(number)) for number in range(10)),
    ]
    with ExitStack() as stack:
        writer = stack.enter_context(closing(place.locked()))
        many = [stack.enter_context(connected(place.port)) for _ in requests]
        for connection, request in zip(many, requests, strict=True):
            send(connection, request)
        assert talk(place.port, HEALTH).status == 200
        assert talk(place.port, HEALTH).status == 200
        answered, _, _ = select.select(many, [], [], 0)
        assert len(answered) < len(many)  # /healthz did not wait for all of them
        assert place.readiness() == (503, "down")
        replies = [reply for one in many for reply in read_replies(one)]
        writer.execute("ROLLBACK")
    assert {reply.status for reply in replies} == {503}
    assert len(replies) == len(requests)
    assert all(reply.headers["retry-after"] for reply in replies)
    assert talk(place.port, a_post("after")).status == 202
    place.wait_until_ready()


def test_a_database_without_our_schema_is_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "moderator.db"
    settings = Settings(database_url=f"sqlite:///{path}", redis_url="redis://127.0.0.1:9/0")
    with serving(build(settings)) as port:
        assert Place(path, port).readiness() == (503, "down")


def test_a_database_of_an_earlier_version_is_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "moderator.db"
    with closing(Database(f"sqlite:///{path}")) as database:
        command.upgrade(config(database), "0001")
    settings = Settings(database_url=f"sqlite:///{path}", redis_url="redis://127.0.0.1:9/0")
    with serving(build(settings)) as port:
        place = Place(path, port)
        assert place.readiness() == (503, "down")
        with closing(Database(f"sqlite:///{path}")) as database:
            upgrade(database)
        place.wait_until_ready()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[Place, int]]:
    """The same as a process of its own, and its id."""
    path = tmp_path / "moderator.db"
    fill(path)
    service = Service(tmp_path, f"sqlite:///{path}", {"REDIS_URL": "redis://127.0.0.1:9/0"})
    service.start("web")
    try:
        service.wait_until_ready()
        yield Place(path, service.port), service.processes["web"].pid
    finally:
        service.kill("web")


def test_a_full_disk_is_told_and_got_over(process: tuple[Place, int]) -> None:
    """A process that may not write one byte more than it has is what a full disk looks like."""
    place, pid = process
    assert talk(place.port, a_post("before")).status == 202
    place.wait_until_ready()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    used = place.path.with_name(f"{place.path.name}-wal").stat().st_size
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (used, hard))
    replies = [talk(place.port, a_post(f"full-{number}")) for number in range(10)]
    assert [reply.status for reply in replies] == [503] * 10
    assert place.readiness() == (503, "down")
    assert talk(place.port, HEALTH).status == 200
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    place.wait_until_ready()
    assert talk(place.port, a_post("after")).status == 202


def long_texts(count: int) -> list[bytes]:
    """Requests with as long texts as may be, in letters of four bytes: comments, trackbacks, and
    linkbacks with the page they come from.
    """
    shapes = ("\U0001f600", "\U0001d4d0", "\U00010330")  # drawn, styled, old
    requests = []
    for number, shape in zip(range(count), cycle(shapes), strict=False):
        text = shape * CONTENT_LIMIT
        linkback = {
            "source": f"https://source.example/{number}",
            "target": "https://blog.example.org/a",
            "excerpt": text[:4_000],
            "source_html": f"<p>{text[:100_000]}</p>",
        }
        requests += [
            a_post(f"text-{number}", text),
            a_ping(f"{number}&excerpt={quote(shape * 5_000)}"),
            a_post(f"page-{number}", "A text.", type="pingback", linkback=linkback),
        ]
    return requests


def test_texts_at_the_limit_leave_others_undisturbed(process: tuple[Place, int]) -> None:
    """While thirty long texts are worked on, ten other requests at least are answered."""
    place, _ = process
    with ExitStack() as stack:
        requests = long_texts(10)
        hostile = [stack.enter_context(connected(place.port)) for _ in requests]
        for connection, request in zip(hostile, requests, strict=True):
            send(connection, request)
        others: list[Reply] = []
        waiting = hostile
        while waiting:
            others.append(talk(place.port, HEALTH))
            others.append(talk(place.port, a_post(f"good-{len(others)}", site="other")))
            answered, _, _ = select.select(waiting, [], [], 0)
            waiting = [one for one in waiting if one not in answered]
        replies = [reply for one in hostile for reply in read_replies(one)]
    assert {reply.status for reply in replies} == {200, 202}
    assert len(replies) == len(hostile)
    assert {reply.status for reply in others} == {200, 202}
    assert len(others) >= 10
