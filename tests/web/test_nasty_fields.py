"""Every field with every nasty value, down to real rows: stored or refused, never a 500."""

import json
from typing import Any

import pytest

from moderator.domain.errors import MalformedError
from moderator.intake.webhook import schema, strict_json
from moderator.storage.base.database import Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.usecases.intake.accept import Accept
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.services import Services
from moderator.web import create_app
from tests.web.lab import URL, Lab, an_event

POINTERS = [
    *(f"{part}/{name}" for part, names in schema.PARTS.items() for name in sorted(names)),
    *sorted(schema.BODY),
    "comment/content/raw",
    "comment/content/rendered",
    "comment/content/format",
    "request/honeypot/value",
    "ext/anything",
    "unknown",
]
NASTY: list[object] = [
    "\0",
    "\ud800",
    "\ufffe\U0010ffff",
    "\u202e\u200b\u0301" * 50,
    "'; DROP TABLE submissions; --",
    "<script>alert(1)</script>",
    "a" * 70_000,
    "",
    " ",
    "\r\nSet-Cookie: a=b",
    "%00",
    "http://[::1]:99999/",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    None,
    True,
    -1,
    2**63,
    2**64 - 1,
    2**64,
    1e308,
    [],
    [[]],
    {},
    {"": {"": ""}},
    {"$ne": 1},
]


def event_with(pointer: str, value: object, platform_id: str) -> dict[str, Any]:
    event: Any = an_event(platform_id=platform_id)
    *path, last = pointer.split("/")
    part = event["data"]
    for step in path:
        part = part.setdefault(step, {})
    part[last] = value
    return dict(event)


def app_over(database: Database, lab: Lab) -> Services:
    sites = SiteRows(database)
    for name, key in lab.keys.items():
        digest = next(digest for digest, (site, _) in lab.sites.keys.items() if site == name)
        site = lab.sites.sites[name]
        sites.add(site, key_prefix=key[:8], key_digest=digest, now=lab.now)
    fakes = lab.services()
    return Services(
        accept=Accept(IntakeRows(database), sites, lab.hints, 1_000_000),
        sites=sites,
        show=ReadSubmission(SubmissionStatusRows(database)),
        ready=fakes.ready,
        clock=fakes.clock,
        entropy=fakes.entropy,
    )


@pytest.mark.parametrize("kind", ["comment.created", "comment.deleted"])
def test_no_value_in_any_field_breaks_anything(database: Database, kind: str) -> None:
    lab = Lab()
    client = create_app(app_over(database, lab)).test_client()
    headers = {"Authorization": f"Bearer {lab.keys['blog']}"}
    statuses = set()
    for place, pointer in enumerate(POINTERS):
        events = [
            event_with(pointer, value, f"{place}-{number}") | {"type": kind}
            for number, value in enumerate(NASTY)
        ]
        # A body that is no strict JSON is refused as a whole, so those values go alone.
        good = [event for event in events if not is_malformed(event)]
        for sent in ({"events": good}, *({"events": [e]} for e in events if is_malformed(e))):
            answer = client.post(f"{URL}/bulk", json=sent, headers=headers)
            assert answer.status_code in {200, 400}, (pointer, answer.data)
            assert answer.json is not None
            results = answer.json.get("results", [{"status": 400}])
            statuses |= {result["status"] for result in results}
            for id_ in {result["id"] for result in results if "id" in result}:
                assert client.get(f"{URL}/{id_}", headers=headers).status_code == 200
    assert statuses <= {200, 202, 400, 403, 404, 409, 413, 422}
    assert {400, 422} <= statuses


def is_malformed(event: object) -> bool:
    try:
        strict_json.parse(json.dumps(event).encode())
    except MalformedError:
        return True
    return False
