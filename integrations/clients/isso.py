"""Isso from PyPI behind our bridge, end to end: posted by its API, judged, published or deleted."""

import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from integrations.clients.programs import Run
from moderator.domain.site import Site
from moderator.usecases.operate.sites import Credentials, ManageSites
from tests.redis_server import free_port

PYPI = ("isso",)
BRIDGE = Path(__file__).parents[1] / "isso" / "bridge.py"
SECONDS = 30
MODES = {1: "public", 2: "waiting", 4: "deleted", None: "deleted"}
HONEST = "My grandmother baked it in a clay pot, with a wet cloth under the lid."
SPAM = "Instant loans without papers, write to our manager and get the money this evening."
CONF = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
notify = stdout
[moderation]
enabled = true
[guard]
enabled = false
[server]
public-endpoint = http://127.0.0.1:{port}
"""
SERVE = """
import sys
from importlib.metadata import version
from wsgiref.simple_server import WSGIRequestHandler, make_server
sys.path.insert(0, sys.argv[1])
import bridge
WSGIRequestHandler.log_message = lambda *_: None
print(version("isso"), flush=True)
make_server("127.0.0.1", int(sys.argv[2]), bridge.application).serve_forever()
"""


def moderated(folder: Path, run: Run, manage: ManageSites, base: str) -> dict[str, object]:
    """What became of an honest comment, and of one whose text was reported as spam."""
    home, port = folder / "isso", free_port()
    home.mkdir()
    (home / "isso.cfg").write_text(CONF.format(folder=home, port=port))
    site = Site(
        id="isso",
        name="Isso",
        url=f"http://127.0.0.1:{port}",
        hosts=frozenset({f"127.0.0.1:{port}"}),
        platform="isso",
        callback_url=f"http://127.0.0.1:{port}/moderator/verdict",
        allowed_addresses=frozenset({("127.0.0.1", port)}),
    )
    given = manage.add(site, datetime.now(UTC))
    with _serving(run, home, port, given, base) as version:
        told: dict[str, object] = {"version": version}
        first = _post(port, "Jane", HONEST)
        told["honest"] = _became(home, first)
        _report(base, given)
        told["spam"] = _became(home, _post(port, "Jim", SPAM))
        shown = _get(f"http://127.0.0.1:{port}/?uri=/sourdough")
        told["seen"] = f"{shown['total_replies']} of 2 shown"
    return told


@contextlib.contextmanager
def _serving(run: Run, home: Path, port: int, given: Credentials, base: str) -> Iterator[str]:
    """Isso and the bridge, as a process; its version."""
    names = {
        "ISSO_SETTINGS": str(home / "isso.cfg"),
        "MODERATOR_URL": f"{base}/platforms/isso/isso",
        "MODERATOR_KEY": given.api_key,
        "MODERATOR_SECRET": given.secret,
    }
    with (home / "isso.log").open("ab") as log:
        served = subprocess.Popen(  # noqa: S603  # our own program
            [*run.command, "-c", SERVE, str(BRIDGE.parent), str(port)],
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **names},
            text=True,
        )
    try:
        assert served.stdout is not None
        yield served.stdout.readline().strip()
    finally:
        served.terminate()
        served.wait(10)


def _post(port: int, author: str, text: str) -> int:
    """Comment as Isso's own script does; the comment's number."""
    said = {"author": author, "email": f"{author}@example.org", "text": text, "title": "Sourdough"}
    request = urllib.request.Request(  # loopback
        f"http://127.0.0.1:{port}/new?uri=/sourdough",
        data=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
    )
    until = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return int(json.load(answer)["id"])
        except urllib.error.URLError as error:
            if time.monotonic() > until or isinstance(error, urllib.error.HTTPError):
                raise
            threading.Event().wait(0.05)


def _became(home: Path, id_: int) -> str:
    """What a comment is once it no longer waits; `waiting` if it does for long."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with contextlib.closing(sqlite3.connect(home / "comments.db")) as database:
            found = database.execute("SELECT mode FROM comments WHERE id = ?", (id_,)).fetchone()
        mode = found[0] if found else None
        if MODES.get(mode) != "waiting":
            return MODES.get(mode, str(mode))
        threading.Event().wait(0.05)
    return "waiting"


def _report(base: str, given: Credentials) -> None:
    """The text is known as spam: somebody at the blog said so."""
    now = datetime.now(UTC).isoformat()
    event = {
        "type": "comment.status_changed",
        "timestamp": now,
        "data": {
            "site": {"id": given.site_id},
            "comment": {
                "id": "other-1",
                "type": "comment",
                "status": "spam",
                "content": {"raw": SPAM, "format": "text"},
            },
            "author": {"name": "Joe", "ip": "192.0.2.9"},
            "post": {"url": "http://127.0.0.1/elsewhere"},
        },
    }
    request = urllib.request.Request(  # noqa: S310  # loopback
        f"{base}/v1/submissions",
        data=json.dumps(event).encode(),
        headers={"Authorization": f"Bearer {given.api_key}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


def _get(url: str) -> dict[str, object]:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        found: dict[str, object] = json.load(answer)
        return found
