"""The tables of hostile bodies, texts and addresses at every door that takes a POST."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from moderator.platforms import BY_NAME
from moderator.storage.base.database import Database
from moderator.web import create_app
from tests.conformance.bad_input_case import Json, expand
from tests.databases import fresh
from tests.marks import long_but
from tests.shared import shared_or_skip
from tests.web.asking import KEY, USUAL, Street
from tests.web.desk import Office
from tests.web.routes import Route, routes

FORM, XML, JSON = "application/x-www-form-urlencoded", "text/xml", "application/json"
POST = "https://asked.example/sourdough"
MAX_ANSWER_BYTES = 65_536
OWN_TEXTS = (
    "<script>window.__pwn=1</script>",
    "\x00\x1b[31m\u202e",
    "\ud800".encode("utf-8", "replace").decode(),
    "'; DROP TABLE submissions; --",
)
PART = 8  # of the corpus is sent when tests run, all of it by `make test-all`
TABLES = long_but(("own", "part of the corpus", "corpus"), "own", "part of the corpus")
OWN_URLS = (
    "http://127.0.0.1/",
    "http://[::1]/",
    "file:///etc/passwd",
    "http://a\\@127.0.0.1/",
    "javascript:1",
)


@dataclass(frozen=True)
class Doors:
    app: Flask
    found: tuple[Route, ...]

    def send(self, route: Route, body: bytes, content_type: str) -> TestResponse:
        is_keyed = route.path.startswith(("/v1", "/platforms"))
        headers = {"Authorization": "Bearer mod_asked"} if is_keyed else {}
        client = self.app.test_client()
        return client.open(
            route.path, method=route.method, data=body, content_type=content_type, headers=headers
        )


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    asking = Database(f"sqlite:///{tmp_path / 'doors.db'}")
    office = Database(f"sqlite:///{tmp_path / 'office.db'}")
    for database in (asking, office):
        fresh(database)
    services = Street(asking).services()
    pages = Office(office).services().dashboard
    app = create_app(replace(services, dashboard=pages))
    found = tuple(
        {
            route.path: route
            for name in sorted(BY_NAME)
            for route in routes(app, site_id="asked", key=KEY, name=name)
            if route.method == "POST"
        }.values()
    )
    assert {"/1.1/comment-check", "/v1/check", "/login"} <= {route.path for route in found}
    yield Doors(app, found)
    asking.close()
    office.close()


def _faults(answer: TestResponse, text: str = "") -> list[str]:
    faults = []
    if answer.status_code >= 500:
        faults.append(f"status {answer.status_code}")
    if len(answer.data) > MAX_ANSWER_BYTES:
        faults.append(f"{len(answer.data)} bytes")
    if answer.mimetype == "text/html" and "<" in text and text in answer.text:
        faults.append("the text stands in the page as it was sent")
    if any(word in answer.text for word in ("Traceback", "sqlalchemy", "site-packages")):
        faults.append("our own insides are shown")
    return faults


@pytest.mark.timeout(240)
def test_no_hostile_body_breaks_a_door(doors: Doors) -> None:
    cases = shared_or_skip("conformance/security/bad_inputs.jsonl").read_text("utf-8").splitlines()
    bodies = {row["id"]: _body(row) for row in map(json.loads, cases)}
    assert len(bodies) > 100
    wrong = {}
    for route in doors.found:
        for name, body in bodies.items():
            for content_type in dict.fromkeys((FORM, _reads(route))):
                if faults := _faults(doors.send(route, body, content_type)):
                    wrong[f"{route} {name} {content_type}"] = faults
    assert wrong == {}


def _body(case: Json) -> bytes:
    wire = case.get("wire", {})
    if "raw_body" in wire:
        return bytes(wire["raw_body"].encode("latin-1"))
    return expand(wire.get("raw_body_gen", case["body"]), case["id"])


@pytest.mark.timeout(240)
@pytest.mark.parametrize("table", TABLES)
def test_no_hostile_text_breaks_a_door_or_comes_back_as_markup(doors: Doors, table: str) -> None:
    texts = list(OWN_TEXTS) if table == "own" else _column("xss_payloads", "payload", table)
    wrong = {}
    for route in doors.found:
        for text in texts:
            for body, content_type in said_everywhere(text):
                if content_type != _reads(route):
                    continue
                if faults := _faults(doors.send(route, body, content_type), text):
                    wrong[f"{route} {text[:40]!a}"] = faults
    assert wrong == {}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("table", TABLES)
def test_no_hostile_address_breaks_a_door(doors: Doors, table: str) -> None:
    urls = list(OWN_URLS) if table == "own" else _column("ssrf_cases", "url", table)
    wrong = {}
    for route in doors.found:
        for url in urls:
            for body, content_type in said_everywhere(url):
                if content_type != _reads(route):
                    continue
                if faults := _faults(doors.send(route, body, content_type)):
                    wrong[f"{route} {url[:40]!a}"] = faults
    assert wrong == {}


def _reads(route: Route) -> str:
    if "pingback" in route.path:
        return XML
    return JSON if route.path.startswith(("/v1", "/platforms", "/blogspam")) else FORM


def _column(file: str, name: str, table: str) -> list[str]:
    lines = shared_or_skip(f"conformance/security/{file}.jsonl").read_text("utf-8").splitlines()
    step = 1 if table == "corpus" else PART
    return [str(json.loads(line)[name]) for line in lines[::step]]


FIELDS = (
    "source", "target", "url", "title", "excerpt", "blog_name", "name", "password", "next", "csrf",
    "item", "verdict", "undo", "find", "language", "seen", "version", "ahead", "again",
)  # fmt: skip


def said_everywhere(text: str) -> Iterator[tuple[bytes, str]]:
    """Bodies in which a text stands wherever one of our doors reads something."""
    sent = text.encode("utf-8", "replace").decode()
    everything = {**dict.fromkeys((*USUAL, *FIELDS), sent), "api_key": KEY}
    yield urlencode(everything).encode(), FORM
    yield urlencode({**USUAL, "api_key": KEY, "comment_content": sent, "blog": sent}).encode(), FORM
    for source, target in ((sent, POST), (POST, sent)):
        yield urlencode({"source": source, "target": target, "url": source}).encode(), FORM
        yield _ping(source, target), XML
    yield _event(sent), JSON


def _ping(source: str, target: str) -> bytes:
    values = "".join(
        f"<param><value><string>{escape(value)}</string></value></param>"
        for value in (source, target)
    )
    return (
        "<?xml version='1.0'?><methodCall><methodName>pingback.ping</methodName>"
        f"<params>{values}</params></methodCall>"
    ).encode()


def _event(text: str) -> bytes:
    author = dict.fromkeys(("name", "email", "url", "ip", "user_agent"), text)
    comment = {
        "id": text[:200] or "1",
        "type": "pingback",
        "content": {"raw": text, "format": "html"},
    }
    linkback = {"protocol": "pingback", "source": text, "target": POST, "source_title": text}
    data = {
        "site": {"id": "asked"},
        "comment": comment,
        "author": author,
        "post": {"url": POST, "title": text},
        "linkback": linkback,
        "request": {"referrer": text, "honeypot": {"name": text, "value": text}},
    }
    event = {"type": "comment.created", "timestamp": "2026-03-04T12:00:00Z", "data": data}
    return json.dumps(event).encode()
