"""The OpenAPI document is what the service is: every route, every answer, nothing else."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from moderator.domain.errors import StorageUnavailableError
from moderator.storage.base.database import Database
from moderator.web import create_app
from moderator.web.errors import ANSWERS
from moderator.web.limits import RateLimit
from moderator.web.linkback_endpoints import EndpointLimits
from moderator.web.openapi.operations import EVENT, operations
from tests.databases import fresh
from tests.web.asking import ASKED, KEY, USUAL, Street
from tests.web.contract import Contract
from tests.web.desk import Office
from tests.web.lab import an_event

BEARER = {"Authorization": "Bearer mod_asked"}
FORM = "application/x-www-form-urlencoded"
XML = b"<methodCall><methodName>pingback.ping</methodName></methodCall>"
WEBMENTION = {"source": "https://elsewhere.test/1", "target": "https://asked.example/post"}


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    database = Database(f"sqlite:///{tmp_path / 'street.db'}")
    fresh(database)
    yield Street(database, replace(ASKED, callback_url="https://asked.example/hook"))
    database.close()


@pytest.fixture
def app(street: Street, office: Office) -> Flask:
    """With all that there is: whoever asks and waits, and the pages."""
    return create_app(replace(street.services(), dashboard=office.services().dashboard))


@pytest.fixture
def contract(app: Flask) -> Contract:
    return Contract(app)


def test_every_route_is_in_it_and_nothing_else(app: Flask, contract: Contract) -> None:
    pages = ("dashboard.", "openapi.page", "openapi.style")
    routes = {
        (re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith(pages)
    }
    described = {
        (path, method) for path, methods in contract.document["paths"].items() for method in methods
    }
    assert described == routes


def test_every_route_is_described_and_no_description_is_left_over(app: Flask) -> None:
    named = {rule.endpoint for rule in app.url_map.iter_rules()}
    described = set(operations())
    assert described - named == set()
    undescribed = {name for name in named - described if not name.startswith("dashboard.")}
    assert undescribed == {"openapi.page", "openapi.style"}


def test_every_error_that_is_answered_is_a_response(contract: Contract) -> None:
    statuses = {f"Problem{answer.status}" for answer in ANSWERS.values()}
    assert statuses <= contract.document["components"]["responses"].keys()


def test_every_shape_is_one(contract: Contract) -> None:
    """And every reference leads to one."""
    for schema in contract.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = set(re.findall(r'"#/components/(\w+/\w+)"', json.dumps(contract.document)))
    there = {
        f"{kind}/{name}"
        for kind, shapes in contract.document["components"].items()
        for name in shapes
    }
    assert names <= there


def test_ids_of_operations_are_unique(contract: Contract) -> None:
    ids = [
        one["operationId"]
        for methods in contract.document["paths"].values()
        for one in methods.values()
    ]
    assert len(set(ids)) == len(ids)


def test_the_example_is_an_event_that_is_taken(app: Flask, contract: Contract) -> None:
    contract.validate(EVENT, {"$ref": "#/components/schemas/Envelope"})
    data = EVENT["data"]
    assert isinstance(data, dict)
    sent = EVENT | {"data": data | {"site": {"id": "asked"}}}
    answer = post(app, "/v1/submissions", sent)
    assert answer.status_code == HTTPStatus.ACCEPTED
    contract.judge(answer)


def post(app: Flask, path: str, body: object, **headers: str) -> TestResponse:
    given = BEARER | {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return app.test_client().post(path, data=data, headers=given, content_type="application/json")


def about(kind: str, **data: object) -> dict[str, object]:
    comment = {"id": "1"} | data
    return {"type": kind, "timestamp": "2026-03-04T12:00:00Z",
            "data": {"site": {"id": "asked"}, "comment": comment}}  # fmt: skip


SENT = {
    "taken": an_event("asked"),
    "another site's": an_event("other"),
    "unknown": about("comment.reported"),
    "erased": about("comment.deleted"),
    "decided": about("comment.status_changed", status="spam"),
    "too little": about("comment.updated"),
    "no event": {},
    "no object": [],
    "no JSON": b"{",
    "no type": an_event("asked") | {"type": "comment.eaten"},
    "wrong fields": an_event("asked", post={"url": "nonsense"}),
    "an odd id": an_event("asked", platform_id="\x00"),
    "much": b" " * 1_100_000,
}


@pytest.mark.parametrize("path", ["/v1/submissions", "/v1/check?wait_ms=100", "/v1/check?dry=1"])
@pytest.mark.parametrize("body", SENT.values(), ids=SENT.keys())
def test_what_is_answered_to_an_event(
    app: Flask, contract: Contract, path: str, body: object
) -> None:
    contract.judge(post(app, path, body))
    contract.judge(post(app, path, body))


def test_what_is_answered_to_other_requests_about_events(app: Flask, contract: Contract) -> None:
    client = app.test_client()
    event = an_event("asked")
    stored = post(app, "/v1/submissions", event)
    path = f"/v1/submissions/{stored.get_json()['id']}"
    post(app, "/v1/check?wait_ms=100", event)  # so that it is decided about
    answers = [
        client.post("/v1/submissions", json=event),
        client.post("/v1/submissions", json=event, headers={"Authorization": "Bearer mod_no"}),
        client.post("/v1/submissions", data=b"x", headers=BEARER, content_type="text/plain"),
        post(app, "/v1/submissions", event, Idempotency_Key="\x7f"),
        post(app, "/v1/submissions", an_event("asked", "2"), Idempotency_Key="k"),
        post(app, "/v1/submissions", an_event("asked", "3"), Idempotency_Key="k"),
        post(app, "/v1/check?wait_ms=1", event),
        post(app, "/v1/submissions/bulk", {"events": [event, {}, an_event("other")]}),
        post(app, "/v1/submissions/bulk", {"events": []}),
        post(app, "/v1/submissions/bulk", {"events": [event] * 101}),
        client.get(path, headers=BEARER),
        client.get("/v1/submissions/find?platform_id=1", headers=BEARER),
        client.get("/v1/submissions/find", headers=BEARER),
        client.get(f"/v1/submissions/{'0' * 32}", headers=BEARER),
        client.get(path),
    ]
    seen = [answer.status_code for answer in answers]
    assert seen == [401, 401, 415, 400, 202, 409, 422, 200, 422, 413, 200, 200, 404, 404, 401]
    assert answers[10].get_json()["decisions"]
    for answer in answers:
        contract.judge(answer)


def test_what_is_answered_to_who_is_too_fast(street: Street) -> None:
    limit = RateLimit(0.001, 1)
    app = create_app(street.services(), limit=limit, endpoint_limits=EndpointLimits(limit, limit))
    contract = Contract(app)
    for path in ("/v1/submissions", "/v1/check"):
        post(app, path, an_event("asked"))
        answer = post(app, path, an_event("asked"))
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        contract.judge(answer)
    app.test_client().post("/doors/asked/webmention", data=WEBMENTION)
    answer = app.test_client().post("/doors/asked/webmention", data=WEBMENTION)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    contract.judge(answer)


@pytest.mark.parametrize("site", ["asked", "nowhere", "\x01"])
def test_what_is_answered_to_linkbacks(app: Flask, contract: Contract, site: str) -> None:
    client = app.test_client()
    doors = f"/doors/{site}"
    target = "?target=https://asked.example/post"
    answers = [
        client.post(f"{doors}/pingback", data=XML, content_type="text/xml"),
        client.post(f"{doors}/pingback", data=b"", content_type="text/xml"),
        client.post(f"{doors}/trackback{target}", data={"url": "https://elsewhere.test/2"}),
        client.post(f"{doors}/trackback", data={"title": "x"}),
        client.post(f"{doors}/webmention", data=WEBMENTION),
        client.post(f"{doors}/webmention", data=WEBMENTION),
        client.post(f"{doors}/webmention", data={"source": "x"}),
        client.post(f"{doors}/webmention", data=b"{}", content_type="application/json"),
        client.post(f"{doors}/webmention", data=b" " * 70_000, content_type=FORM),
        client.post(f"{doors}/webmention", data=WEBMENTION, headers={"Content-Encoding": "gzip"}),
        client.get(f"{doors}/webmention/nothing"),
    ]
    for answer in answers:
        contract.judge(answer)
    if site == "asked":
        for accept in ("application/json", "text/html"):
            page = client.get(answers[4].headers["Location"], headers={"Accept": accept})
            assert page.status_code == HTTPStatus.OK
            contract.judge(page)


@pytest.mark.parametrize("key", [KEY, "0" * 12, "", "nonsense"])
def test_what_is_answered_to_akismet_clients(app: Flask, contract: Contract, key: str) -> None:
    client = app.test_client()
    paths = [path for path in contract.document["paths"] if path.startswith("/1.")]
    assert len(paths) == 13
    for path in paths:
        for form in ({}, USUAL, USUAL | {"hidden_honeypot_field": "bot"}, {"is_test": "1"}):
            contract.judge(client.post(path, data={"api_key": key} | form))
        contract.judge(client.post(path, data=b"\xff" * 1_200_000, content_type=FORM))
        contract.judge(client.post(path, data=USUAL, headers={"Content-Encoding": "gzip"}))
        if "get" in contract.document["paths"][path]:
            contract.judge(client.get(path, query_string={"api_key": key, "format": "csv"}))


@pytest.mark.parametrize("key", [KEY, "nonsense"])
def test_what_is_answered_to_other_platforms(app: Flask, contract: Contract, key: str) -> None:
    client = app.test_client()
    asked = {"comment": "Well said.", "ip": "192.0.2.10", "train": "spam"}
    for path in ("", "/classify", "/stats", "/classify/"):
        contract.judge(client.post(f"/blogspam/{key}{path}", json=asked))
        contract.judge(client.post(f"/blogspam/{key}{path}", data=b"{"))
    contract.judge(client.get(f"/blogspam/{key}/plugins"))
    for name in ("waline", "coral", "isso", "nobody"):
        for body in (b"{", b"{}", b"[]", b"x" * 1_100_000):
            path = f"/platforms/{name}/asked?key={key}"
            contract.judge(client.post(path, data=body, content_type="application/json"))


def test_what_is_answered_about_the_service(
    app: Flask, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    for path in ("/healthz", "/readyz", "/openapi.json"):
        contract.judge(client.get(path))
    same = {"If-None-Match": client.get("/openapi.json").headers["ETag"]}
    again = client.get("/openapi.json", headers=same)
    assert (again.status_code, again.data) == (304, b"")
    contract.judge(again)
    ready = type(app.extensions["services"].ready)

    def is_down(*_: object) -> None:
        raise StorageUnavailableError

    monkeypatch.setattr(ready, "__call__", is_down)
    answer = client.get("/readyz")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    contract.judge(answer)


def test_callbacks_are_those_that_are_described(
    app: Flask, contract: Contract, street: Street
) -> None:
    link = {"source": "https://elsewhere.test/1", "target": "https://asked.example/post"}
    sent = an_event("asked", "2", linkback=link)
    sent["data"]["comment"]["type"] = "pingback"  # type: ignore[index]  # an event
    for event in (an_event("asked"), sent):
        post(app, "/v1/check?wait_ms=100", event)
    rows = street.house.rows("SELECT body FROM deliveries")
    bodies = [json.loads(row[0]) for row in rows if isinstance(row[0], bytes)]
    assert bodies
    for body in bodies:
        contract.validate(body, {"$ref": "#/components/schemas/Callback"})
