"""One real submission in one process: prints which of our files it enters, as JSON.

In the order of their first calls, each with the files that were waiting for it then. It takes the
service's settings from the environment: DATA_DIR and REDIS_URL at least.
"""

import json
import os
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.sites import ManageSites
from moderator.web.server.serve import build_server
from moderator.web.traffic import traffic
from moderator.wsgi import build
from tests.builders import a_site
from tests.databases import fresh
from tests.processes import FakeBlog

ROOT = f"{Path(__file__).resolve().parents[1]}/"
OURS = (f"{ROOT}moderator/", f"{ROOT}workers/")
EVENT = {
    "type": "comment.created",
    "timestamp": "2026-01-01T12:00:00Z",
    "data": {
        "site": {"id": "blog"},
        "comment": {
            "id": "1",
            "type": "comment",
            "content": {"raw": "The ferry ran until the bridge was finished.", "format": "text"},
        },
        "author": {"name": "Alice", "email": "alice@example.org"},
        "post": {"id": "1", "url": "https://blog.example.org/1", "title": "The river"},
    },
}


Entered = dict[str, list[str]]


def ours(frame: FrameType) -> str:
    """The file of a frame; '' where it is not ours, or only being imported."""
    name = frame.f_code.co_filename
    is_import = frame.f_code.co_name == "<module>"
    return name.removeprefix(ROOT) if name.startswith(OURS) and not is_import else ""


def callers(frame: FrameType) -> set[str]:
    above, found = frame.f_back, set[str]()
    while above is not None:
        found.add(ours(above))
        above = above.f_back
    return found - {""}


def enrol(database: Database, blog: FakeBlog) -> str:
    """Register a blog that takes callbacks; return its key."""
    address = ("127.0.0.1", blog.port)
    site = a_site(callback_url=blog.url, allowed_addresses=frozenset({address}))
    return ManageSites(SiteRows(database), os.urandom).add(site, datetime.now(UTC)).api_key


@contextmanager
def traced(entered: Entered) -> Iterator[None]:
    """Note every file of ours at its first call, with what of ours stands above it then."""

    def note(frame: FrameType, event: str, _: object) -> None:
        name = ours(frame)
        if event == "call" and name and name not in entered:
            entered[name] = sorted(callers(frame) - {name})

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def send(port: int, key: str) -> None:
    request = urllib.request.Request(  # loopback
        f"http://127.0.0.1:{port}/v1/submissions",
        json.dumps(EVENT).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass


def main() -> None:
    from workers import tasks  # noqa: PLC0415  # reads the environment
    from workers.app import worker  # noqa: PLC0415

    settings = Settings.from_environment(os.environ)
    database, entered = Database(settings.database()), Entered()
    fresh(database)
    with FakeBlog() as blog:
        key = enrol(database, blog)
        worker.warm()
        server = build_server(build(settings), host="127.0.0.1", port=0, traffic=traffic(2))
        with traced(entered):
            serving = threading.Thread(target=server.run)
            serving.start()
            send(server.effective_port, key)
            tasks.check()
            tasks.deliver()
        assert blog.wait_for(1, 30)
        server.stop()
        serving.join()
    worker.close()
    json.dump(entered, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # whatever thread is left


if __name__ == "__main__":
    main()
