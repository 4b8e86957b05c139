"""Real senders against the real service on loopback: who gets through, and is the blog told?

`make senders` installs them into a temporary folder (pip, npm), never into the project; where there
is a WordPress lab (WPLAB names it), WordPress sends too. Prints the table of docs/linkbacks.md.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from integrations.senders import wordpress
from integrations.wordpress.e2e.blogs import Blog, running_lab
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.processes import FakeBlog, Service

PYPI = ("webmention-tools", "ronkyuu", "webmentions")
NPM = ("pingback", "send-webmention")
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """`program` is code for `language`; it prints what the sender thinks of it."""

    name: str
    protocol: str
    language: str
    program: str


SENDERS = (
    Sender(
        "Python `xmlrpc.client`", "pingback", "python",
        "import xmlrpc.client; s = xmlrpc.client.ServerProxy(door + '/pingback');"
        "print(s.pingback.ping(source, target))",
    ),
    Sender(
        "npm `pingback`", "pingback", "node",
        "require('pingback').send(target, source, e => console.log(e ? 'fault ' + e : 'success'))",
    ),
    Sender(
        "`curl` form", "trackback", "sh",
        'curl -s -d "url=$SOURCE" -d "title=Mine" -d "excerpt=My own words about that post $N"'
        ' "$DOOR/trackback?target=$TARGET" | tail -1',
    ),
    Sender(
        "PyPI `webmention-tools`", "webmention", "python",
        "import warnings; warnings.simplefilter('ignore');"
        "from webmentiontools.send import WebmentionSend; s = WebmentionSend(source, target);"
        "print(s.send(), (getattr(s, 'response', None) or s.error or {}).get('http_status'))",
    ),
    Sender(
        "PyPI `ronkyuu`", "webmention", "python",
        "import ronkyuu; r = ronkyuu.sendWebmention(source, target, test_urls=False);"
        "print(r.status_code if r is not None else 'not sent')",
    ),
    Sender(
        "PyPI `webmentions`", "webmention", "python",
        "from unittest.mock import MagicMock as M;"
        "from webmentions.handlers._outgoing import OutgoingWebmentionsProcessor as P;"
        "seen = []; p = P(M(), ssrf_protection=False, on_mention_processed=seen.append);"
        "p.process_outgoing_webmentions(source); print('sent', len(seen))",
    ),
    Sender(
        "npm `send-webmention`", "webmention", "node",
        "require('send-webmention')(source, target,"
        " (e, r) => console.log(e || r.success + ' ' + (r.res ? r.res.statusCode : '')))",
    ),
    Sender(
        "`curl` form", "webmention", "sh",
        "curl -s -o /dev/null -w '%{http_code} %header{location}' "
        '-d "source=$SOURCE" -d "target=$TARGET" "$DOOR/webmention" | cut -c1-3',
    ),
)  # fmt: skip


class Pages:
    """A web server of one kind of page; `page` makes its body from the path."""

    def __init__(self, page: Callable[[str], tuple[dict[str, str], str]], *, port: int = 0) -> None:
        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers, body = page(self.path)
                self.send_response(200)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Door)
        self.server.daemon_threads = True
        self.port = int(self.server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def install(folder: Path) -> dict[str, list[str]]:
    """Put the senders into `folder`; return how each language is run there."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    # S603 here and below: the programs are named in this file
    subprocess.run([python, "-m", "pip", "install", "-q", *PYPI], check=True)  # noqa: S603
    npm = shutil.which("npm")
    if npm:
        command = [npm, "install", "--silent", "--prefix", str(folder), *NPM]
        subprocess.run(command, check=True)  # noqa: S603
    return {"python": [python, "-c"], "node": ["node", "-e"], "sh": ["sh", "-c"]}


def send(sender: Sender, run: list[str], names: dict[str, str], folder: Path) -> str:
    """What the sender says, in its last line."""
    quoted = {name.lower(): json.dumps(value) for name, value in names.items()}
    settings = "; ".join(f"{name} = {value}" for name, value in quoted.items())
    program = sender.program if sender.language == "sh" else f"{settings};\n{sender.program}"
    done = subprocess.run(  # noqa: S603
        [*run, program],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **names},
        timeout=SECONDS,
        check=False,
    )
    said = (done.stdout.strip() or done.stderr.strip()).splitlines()
    return said[-1] if said else "nothing"


def told(blog: FakeBlog, source: str) -> str:
    """The status that the blog was called back with for a source, waiting for it."""

    def found() -> str | None:
        for _, body in blog.got:
            linkback = json.loads(body)["data"]["linkback"]
            if linkback and linkback["source"] == source:
                return str(json.loads(body)["data"]["status"])
        return None

    with blog.changed:
        blog.changed.wait_for(lambda: found() is not None, timeout=SECONDS)
        return found() or "no callback"


@dataclass(frozen=True, slots=True)
class Street:
    """A blog that points at our doors, pages elsewhere, and where the callbacks arrive."""

    blog: Pages
    elsewhere: Pages
    called: FakeBlog
    door: str


def send_all(street: Street, folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Name, protocol, what it says itself, and what the blog was told, of every sender."""
    runs = install(folder)
    for number, sender in enumerate(SENDERS):
        source, target = f"{street.elsewhere.url}/{number}", f"{street.blog.url}/post/{number}"
        names = {"SOURCE": source, "TARGET": target, "DOOR": street.door, "N": str(number)}
        said = send(sender, runs[sender.language], names, folder)
        yield sender.name, sender.protocol, said, told(street.called, source)
    if not wordpress.has_lab():
        print("SKIPPED: WordPress; there is no lab (WPLAB names its folder)", file=sys.stderr)
        return
    with running_lab() as lab:
        blog = Blog(lab, "b")
        for protocol in wordpress.PROTOCOLS:
            page = "post" if protocol == "pingback" else "plain"
            target = f"{street.blog.url}/{page}/{protocol}"
            source, said = wordpress.send(blog, protocol, target, street.door)
            yield "WordPress", protocol, said, told(street.called, source)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="senders-"))
    database_url = f"sqlite:///{folder / 'senders.db'}"
    service_port, blog_port = free_ports(wordpress.PORTS, 2)
    door = f"http://127.0.0.1:{service_port}/doors/blog"
    blog = Pages(lambda path: _post(door, path), port=blog_port)
    elsewhere = Pages(lambda path: ({}, _source(blog.url, path)))
    database = Database(database_url)
    upgrade(database)
    problems = 0
    settings = {"SOURCE_FETCHES_PER_DOMAIN": "1000"}
    with FakeBlog() as called, Service(folder, database_url, settings, port=service_port):
        ports = (blog.port, elsewhere.port)
        site = Site(
            id="blog",
            name="A blog",
            url=blog.url,
            hosts=frozenset({f"127.0.0.1:{blog.port}"}),
            callback_url=called.url,
            allowed_addresses=frozenset({("127.0.0.1", called.port)}),
            source_addresses=frozenset(
                [*(("127.0.0.1", port) for port in ports), wordpress.ADDRESS]
            ),
        )
        ManageSites(SiteRows(database), os.urandom).add(site, datetime.now(UTC))
        print("| sender | protocol | what it says itself | callback |\n|---|---|---|---|")
        for row in send_all(Street(blog, elsewhere, called, door), folder):
            problems += row[-1] != "approved"
            print(f"| {' | '.join(row)} |", flush=True)
    database.close()
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if problems else 0


def free_ports(among: Iterable[int], count: int) -> list[int]:
    """The first ports that nobody listens on. Raises ValueError when there are too few."""
    free = []
    for port in among:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                free.append(port)
        if len(free) == count:
            return free
    raise ValueError("Not enough free ports")


def _post(door: str, path: str) -> tuple[dict[str, str], str]:
    """A post that points senders at our doors in every way there is; below /plain/ in none."""
    if path.startswith("/plain/"):
        return {}, "<!doctype html><head><title>A post</title></head><p>Hello</p>"
    links = "".join(f'<link rel="{rel}" href="{door}/{rel}">' for rel in ("pingback", "webmention"))
    headers = {"X-Pingback": f"{door}/pingback", "Link": f'<{door}/webmention>; rel="webmention"'}
    return headers, f"<!doctype html><head><title>A post</title>{links}</head><p>Hello</p>"


WORDS = ("harbour", "orchard", "railway", "lantern", "glacier", "violin", "kitchen", "meadow")


def _source(blog: str, path: str) -> str:
    """A page that links to the post of its number, each in other words (copies are folded)."""
    number = int(path.strip("/") or 0)
    word, other = WORDS[number % len(WORDS)], WORDS[(number * 3 + 1) % len(WORDS)]
    link = f'<a href="{blog}/post/{number}">a post on the {word}</a>'
    return (
        f"<!doctype html><title>The {word} page</title><p>This week the {word} and its {other}"
        f" made me think of {link}, because no {other} in our {word} looks like another.</p>"
    )


if __name__ == "__main__":
    sys.exit(main())
