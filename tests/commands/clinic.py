"""A service that nothing ails, for `moderator doctor`; and a blog that answers as it is told."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.usecases.operate.sites import ManageSites
from tests.builders import a_site

Found = dict[str, tuple[str, str, str]]


@dataclass
class Clinic:
    """Its doctor, and its environment."""

    database: Database
    environment: pytest.MonkeyPatch
    said: pytest.CaptureFixture[str]

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.environment.setenv(name, value)

    def doctor(self, *words: str) -> Found:
        """What was found, by what it is about: state, detail, cure."""
        self.said.readouterr()
        code = main(["doctor", "--json", *words])
        found = json.loads(self.said.readouterr().out)
        assert code == any(one["state"] == "fail" for one in found)
        assert [one for one in found if (one["state"] == "ok") is ("cure" in one)] == []
        return {one["what"]: (one["state"], one["detail"], one.get("cure", "")) for one in found}

    def add(self, **site: object) -> str:
        """Register a blog; return its secret."""
        now = self.database.now()
        return ManageSites(SiteRows(self.database), os.urandom).add(a_site(**site), now).secret


@contextmanager
def a_clinic(
    database_url: str,
    folder: Path,
    environment: pytest.MonkeyPatch,
    said: pytest.CaptureFixture[str],
    redis_url: str,
) -> Iterator[Clinic]:
    database = Database(database_url)
    clinic = Clinic(database, environment, said)
    (folder / "var").mkdir(mode=0o700)
    clinic.set(DATABASE_URL=database_url, DATA_DIR=str(folder / "var"), REDIS_URL=redis_url)
    for kind in ("web", "worker", "sweeper"):
        HeartbeatRows(database).beat(kind, "here")
    yield clinic
    database.close()


class Blog(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.status(self.headers, body)  # type: ignore[attr-defined]  # see below
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.rfile, self.headers["Content-Length"] = self.rfile, "0"
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return None


@contextmanager
def a_blog(status: object) -> Iterator[int]:
    """Answers with a status, or with what it is told by a function; yields the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
    server.status = status if callable(status) else lambda *_: status  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()


def reached_at(port: int) -> dict[str, object]:
    return {
        "callback_url": f"http://127.0.0.1:{port}/verdict",
        "allowed_addresses": frozenset({("127.0.0.1", port)}),
    }
