"""Two registered sites and everything the web asks for, in memory; how a site's request looks."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from werkzeug.test import TestResponse

from moderator import signing
from moderator.domain.site import Secret, Site
from moderator.usecases.intake.accept import Accept
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.services import Services
from moderator.web import create_app
from moderator.web.limits import RateLimit
from tests.builders import NOON, a_site
from tests.fakes import FakeHints, FakePulse, FakeSites, FakeViews
from tests.web.recording import RecordingIntake

URL = "/v1/submissions"


def a_secret(name: str, expires_at: datetime | None = None) -> Secret:
    value = signing.SECRET_PREFIX + b64encode(name.encode() * 8).decode()
    return Secret(value, NOON - timedelta(days=1), expires_at)


def an_event(site: str = "blog", platform_id: str = "1", **parts: object) -> dict[str, object]:
    """Return a `comment.created`; `parts` replace parts of its data."""
    return {
        "type": "comment.created",
        "timestamp": "2026-03-04T12:00:00Z",
        "data": {
            "site": {"id": site},
            "comment": {
                "id": platform_id,
                "type": "comment",
                "content": {"raw": "The bridge was finished in 1911.", "format": "text"},
            },
            "author": {"name": "Alice", "email": "alice@example.org", "ip": "192.0.2.10"},
            "post": {"id": "7", "url": "https://blog.example.org/2026/03/the-river"},
        }
        | parts,
    }


@dataclass
class Lab:
    """`blog` and `other` are two sites; `keys` holds one bearer key of each."""

    hints: FakeHints = field(default_factory=FakeHints)
    sites: FakeSites = field(default_factory=FakeSites)
    views: FakeViews = field(default_factory=FakeViews)
    pulse: FakePulse = field(default_factory=FakePulse)
    limit: RateLimit = field(default_factory=RateLimit)
    keys: dict[str, str] = field(default_factory=dict)
    now: datetime = NOON
    max_waiting: int = 1_000
    store: RecordingIntake = field(init=False)

    def __post_init__(self) -> None:
        self._entropy = count()
        self.store = RecordingIntake(self.sites.sites)
        for name in ("blog", "other"):
            self.add_site(a_site(id=name, secrets=(a_secret(name),)))

    def add_site(self, site: Site) -> None:
        self.sites.sites[site.id] = site
        key = signing.new_api_key(site.id.encode().ljust(32, b"."))
        self.sites.keys[key.digest] = (site.id, None)
        self.keys[site.id] = key.value

    def services(self) -> Services:
        return Services(
            accept=Accept(self.store, self.sites, self.hints, self.max_waiting),
            sites=self.sites,
            show=ReadSubmission(self.views),
            ready=CheckReadiness(self.pulse, self.pulse),
            clock=lambda: self.now,
            entropy=lambda size: next(self._entropy).to_bytes(size, "big"),
        )

    def app(self) -> Flask:
        return create_app(self.services(), limit=self.limit)

    def post(
        self, body: object, path: str = URL, *, site: str = "blog", **headers: str
    ) -> TestResponse:
        """POST with the site's bearer key; a `body` that is no bytes is sent as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {self.keys[site]}"} | _named(headers)
        return (
            self.app()
            .test_client()
            .post(path, data=sent, headers=given, content_type="application/json")
        )

    def get(self, path: str, *, site: str = "blog") -> TestResponse:
        given = {"Authorization": f"Bearer {self.keys[site]}"}
        return self.app().test_client().get(path, headers=given)

    def post_signed(
        self, body: bytes, signed: dict[str, str], path: str = URL, **headers: str
    ) -> TestResponse:
        given = signed | _named(headers)
        return (
            self.app()
            .test_client()
            .post(path, data=body, headers=given, content_type="application/json")
        )


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
