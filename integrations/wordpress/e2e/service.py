"""The real service for one run: `moderator up`, a fresh database, a moderator's browser."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx

from integrations.wordpress.e2e.blogs import Json, new_browser, wait_for

ROOT = Path(__file__).parents[3]
PASSWORD = "a long password for this run only"
PATIENCE = 40.0  # seconds that `moderator up` has to end its children
LINK = re.compile(r"First login: (\S+)")
PORTS = range(26500, 26600)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TAG = re.compile(r"(?s)<(script|style).*?</\1>|<[^>]+>")


@dataclass(frozen=True, slots=True)
class Credentials:
    site_id: str
    secret: str
    api_key: str


@dataclass(slots=True)
class Service:
    """Everything it writes lies in `folder`; `workers` is how many worker processes run."""

    folder: Path
    workers: int = 2
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "service.log"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self.command("db", "upgrade")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "moderator", "up", "--workers", str(self.workers)],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self._is_ready, f"the service is not ready; see {self.log}")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def add_site(self, site_id: str, url: str, callback_url: str, *allowed: str) -> Credentials:
        pairs = [word for pair in allowed for word in ("--allow", pair, "--allow-source", pair)]
        printed = self.command(
            "site", "add", site_id, "--url", url, "--platform", "wordpress",
            *(("--callback-url", callback_url) if callback_url else ()), "--json", *pairs,
        )  # fmt: skip
        return Credentials(**json.loads(printed.splitlines()[-1]))

    def poll(self, site_id: str, user: str, password: str) -> str:
        """Have a site moderated over its REST API; returns what is printed."""
        file = self.folder / f"{site_id}.password"
        file.write_text(password)
        words = ("--user", user, "--password-file", str(file))
        return self.command("site", "wordpress", site_id, *words)

    def rows(self, sql: str) -> list[tuple[Json, ...]]:
        """What its database says."""
        with closing(sqlite3.connect(self.folder / "moderator.db")) as connection:
            return connection.execute(sql).fetchall()

    def moderator(self) -> httpx.Client:
        """A browser that used the one-time link, chose a password and is logged in."""
        found = LINK.search(self.log.read_text(errors="replace"))
        if found is None:
            raise RuntimeError(f"No first login link was printed; see {self.log}")
        browser = new_browser(self.url)
        path = found[1].removeprefix(self.url)
        form = {"csrf": csrf(browser.get(path).text), "password": PASSWORD, "again": PASSWORD}
        browser.post(path, data=form).raise_for_status()
        return browser

    def _is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"The service ended; see {self.log}")
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK and answer.json()["workers"] == "ok"

    def command(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "moderator", *words],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"moderator {words[0]}: {done.stderr}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **inherited,
            "DATA_DIR": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "GRACE_SECONDS": "0",
            "PYTHONUNBUFFERED": "1",
            "SOURCE_FETCHES_PER_DOMAIN": "1000",  # all blogs of the lab are on one domain
            **self.settings,
        }


def csrf(page: str) -> str:
    found = CSRF.search(page)
    if found is None:
        raise RuntimeError("The page has no form")
    return found[1]


def text_of(page: str) -> str:
    """What a person reads on a page."""
    return re.sub(r"\s+", " ", unescape(TAG.sub(" ", page)))


def free_port() -> int:
    """One of those that the lab's blogs open: else only 80, 443 and 8080 are."""
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError(f"No port of {PORTS} is free")
