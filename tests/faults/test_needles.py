"""No log of any process says a secret, or what a visitor wrote."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.sites import Credentials, ManageSites
from tests.databases import fresh
from tests.processes import FakeBlog, Service

NEEDLE = "quixotilda"
PASSWORD = "a-password-nobody-else-would-choose"


def _enrol(database: Database, blog: FakeBlog) -> tuple[Credentials, str]:
    site = Site(
        id="blog",
        name="A blog",
        url="https://blog.example.org/",
        hosts=frozenset({"blog.example.org"}),
        callback_url=f"{blog.url}?token={NEEDLE}",
        akismet_key=f"{NEEDLE}0",
        allowed_addresses=frozenset({("127.0.0.1", blog.port)}),
    )
    manage, now = ManageSites(SiteRows(database), os.urandom), datetime.now(UTC)
    return manage.add(site, now), manage.client_key("blog", now)


def _send(url: str, body: bytes, **headers: str) -> None:
    """Whatever the answer is: good and bad requests are logged alike, if they are."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, given)  # noqa: S310  # loopback
    try:
        with urllib.request.urlopen(request, timeout=20):  # noqa: S310
            pass
    except urllib.error.HTTPError as error:
        error.close()


def _event(number: str, text: str) -> bytes:
    author = {"name": NEEDLE, "email": f"{NEEDLE}@example.org", "url": f"https://{NEEDLE}.test/"}
    comment = {"id": number, "type": "comment", "content": {"raw": text, "format": "text"}}
    post = {"url": f"https://blog.example.org/{NEEDLE}", "title": NEEDLE}
    data = {"site": {"id": "blog"}, "comment": comment, "author": author, "post": post}
    event = {"type": "comment.created", "timestamp": "2026-01-01T12:00:00Z", "data": data}
    return json.dumps(event).encode()


@pytest.mark.timeout(180)
def test_no_log_has_a_secret_or_a_visitor_s_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'needles.db'}"
    database = Database(url)
    fresh(database)
    loud = {"LOG_LEVEL": "DEBUG", "AKISMET_URL": "http://127.0.0.1:9"}
    with FakeBlog() as blog:
        site, client_key = _enrol(database, blog)
        with Service(tmp_path, url, loud, workers=1) as service:
            keyed = {"Authorization": f"Bearer {site.api_key}", "Content_Type": "application/json"}
            intake = f"{service.base}/v1/submissions"
            _send(intake, _event("1", f"{NEEDLE} wrote this: https://{NEEDLE}.test/a"), **keyed)
            _send(intake, _event("2", NEEDLE)[:-5], **keyed)
            _send(intake, _event("3", NEEDLE), Authorization=f"Bearer {site.api_key}x")
            form = urllib.parse.urlencode({"api_key": client_key, "blog": NEEDLE}).encode()
            _send(f"{service.base}/1.1/comment-check", form)
            log_in = urllib.parse.urlencode({"name": NEEDLE, "password": PASSWORD}).encode()
            _send(f"{service.base}/login", log_in, Cookie=f"moderator-session={PASSWORD}")
            _send(f"{service.base}/welcome/{PASSWORD}?{NEEDLE}", b"x")
            _send(f"{service.base}/doors/blog/webmention", f"source={NEEDLE}&target=x".encode())
            blog.wait_for(1, seconds=60)
    database.close()
    secrets = (
        NEEDLE,
        PASSWORD,
        site.secret,
        site.secret.removeprefix("whsec_"),
        site.api_key,
        client_key,
    )
    logs = {path.name: path.read_text(errors="replace") for path in tmp_path.glob("*.log")}
    assert {"web.log", "worker.log", "sweeper.log"} <= logs.keys()
    assert logs["web.log"] != ""
    told = [
        f"{name}: {secret}" for name, log in logs.items() for secret in secrets if secret in log
    ]
    assert told == []
