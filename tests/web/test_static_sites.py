"""The snippets of docs/static-sites.md do what it says, with the feed on another origin."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from moderator.storage.base.database import Database
from tests.browser import Chromium
from tests.builders import NOON
from tests.databases import fresh
from tests.sources import ROOT
from tests.web.serving import serving
from tests.web.test_feed import PAGE, Reader

DOC = (ROOT / "docs" / "static-sites.md").read_text()
EACH = "[...document.querySelectorAll('#mentions {}')].map(one => one.{})"
SERVICE = "https://moderator.example.org"


def snippet(section: str, language: str) -> str:
    """The last block of code in this language below a title."""
    part = DOC.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return str(re.findall(rf"^```{language}\n(.*?)^```", part, re.MULTILINE | re.DOTALL)[-1])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'feed.db'}")
    fresh(database)
    yield database
    database.close()


@contextmanager
def static_site(page: str) -> Iterator[int]:
    """One page at whatever address of a web server that does nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_shows_its_linkbacks_in_a_browser(database: Database, chromium: Chromium) -> None:
    reader = Reader(database)
    reader.link("one", type="reply", excerpt="&lt;img src=x onerror=alert(1)&gt; so true")
    reader.link("two", type="like", source="javascript:alert(1)", excerpt="")
    with serving(reader.app) as port:
        shown = snippet("In any page", "html").replace(SERVICE, f"http://127.0.0.1:{port}")
        with static_site(f"<!doctype html><title>x</title>{shown}") as site:
            renew(reader, f"127.0.0.1:{site}")
            chromium.forget()
            chromium.open(f"http://127.0.0.1:{site}/2026/03/the-river")
            chromium.until("document.querySelectorAll('#mentions p').length === 2")
            lines = chromium.run(EACH.format("p", "textContent"))
            links = chromium.run(EACH.format("a", "getAttribute('href')"))
            pictures = chromium.run("document.querySelectorAll('#mentions img').length")
    assert lines == ["Alice like-of", "Alice <img src=x onerror=alert(1)> so true"]
    assert links == ["", "https://elsewhere.test/one"]
    assert pictures == 0
    assert chromium.dialogs == []


def renew(reader: Reader, host: str) -> None:
    """The site answers on this host, too."""
    rows = reader.street.house.sites
    site = rows.get("asked")
    assert site is not None
    rows.change(site, replace(site, hosts=site.hosts | {host}))


def test_a_build_in_javascript_reads_the_whole_site(database: Database, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here: the build was not run")
    reader = Reader(database)
    for number in range(3):
        reader.link(str(number))
    reader.link("other", f"{PAGE}-again")
    code = snippet("Eleventy, Astro and other builds in JavaScript", "js")
    (tmp_path / "mentions.mjs").write_text(code)
    run = "import f from './mentions.mjs'; console.log(JSON.stringify(await f('asked.example')))"
    with serving(reader.app) as port:
        done = subprocess.run(  # noqa: S603  # our own snippet
            [node, "--input-type=module", "-e", run],
            cwd=tmp_path,
            env={**os.environ, "FEED": f"http://127.0.0.1:{port}/api/mentions.jf2"},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {page: len(entries) for page, entries in told.items()} == {PAGE: 3, f"{PAGE}-again": 1}


def test_hugo_builds_pages_with_their_linkbacks(database: Database, tmp_path: Path) -> None:
    hugo = shutil.which("hugo")
    if hugo is None:
        pytest.skip("there is no hugo here: the partial was not built")
    reader = Reader(database)
    reader.link("one", type="reply", excerpt="&lt;b&gt; so true")
    with serving(reader.app) as port:
        partial = snippet("Hugo", "go-html-template").replace(SERVICE, f"http://127.0.0.1:{port}")
        files = {
            "layouts/partials/mentions.html": partial,
            "layouts/single.html": '{{ partial "mentions.html" . }}',
            "content/river.md": "---\ntitle: River\nurl: /2026/03/the-river\n---\n",
            "content/sea.md": "---\ntitle: Sea\nurl: /2026/03/the-sea\n---\n",
            "hugo.toml": 'baseURL = "https://asked.example/"\n[security.http]\nurls = [".*"]\n',
        }
        for name, text in files.items():
            (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "site" / name).write_text(text)
        command = [hugo, "-s", str(tmp_path / "site"), "--ignoreCache"]
        subprocess.run(command, check=True, capture_output=True, timeout=50)  # noqa: S603
    pages = tmp_path / "site" / "public" / "2026" / "03"
    river = (pages / "the-river" / "index.html").read_text()
    assert 'href="https://elsewhere.test/one"' in river
    assert "&lt;b&gt; so true" in river
    assert "<a" not in (pages / "the-sea" / "index.html").read_text()


def test_the_template_for_remark42_is_an_event(database: Database) -> None:
    reader = Reader(database)
    [template] = re.findall(r"TEMPLATE='(.*?)'$", DOC, re.MULTILINE | re.DOTALL)
    filled = re.sub(r"\{\{\.Timestamp[^}]*\}\}", "2026-03-04T12:00:00Z", template)
    filled = filled.replace("{{.Locator.URL | escapeJSONString}}", json.dumps(PAGE))
    filled = re.sub(r"\{\{[^}]*escapeJSONString\}\}", json.dumps('Well "said"!'), filled)
    filled = re.sub(r"\{\{[^}]*\}\}", "x1", filled)
    event = json.loads(filled.replace('"paper"', '"asked"'))
    reader.contract.validate(event, {"$ref": "#/components/schemas/Envelope"})
    headers = {"Authorization": "Bearer mod_asked"}
    answer = reader.app.test_client().post("/v1/submissions", json=event, headers=headers)
    assert answer.status_code == 202


def stand_ins(address: str, heard: list[Callable[..., None]]) -> dict[str, ModuleType]:
    """As much of Django as the snippet names."""

    def receiver(_signal: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
        def note(function: Callable[..., None]) -> Callable[..., None]:
            heard.append(function)
            return function

        return note

    settings = SimpleNamespace(
        MODERATOR_URL=address, MODERATOR_SITE="asked", MODERATOR_KEY="mod_asked"
    )
    parts: dict[str, dict[str, object]] = {
        "django": {},
        "django.conf": {"settings": settings},
        "django.dispatch": {"receiver": receiver},
        "django_comments": {},
        "django_comments.signals": {"comment_was_posted": object()},
    }
    found = {name: ModuleType(name) for name in parts}
    for name, module in found.items():
        vars(module).update(parts[name])
    return found


def test_djangos_signal_sends_what_is_taken(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(database)
    heard: list[Callable[..., None]] = []
    page = SimpleNamespace(get_absolute_url=lambda: "/2026/03/the-river")
    comment = SimpleNamespace(
        pk=7, submit_date=NOON, is_public=True, comment="Well said!", user_name="Alice",
        user_email="alice@example.org", user_url="", ip_address="192.0.2.10", content_object=page,
    )  # fmt: skip
    request = SimpleNamespace(
        META={"HTTP_USER_AGENT": "Mozilla/5.0"},
        build_absolute_uri=lambda path: f"https://asked.example{path}",
    )
    with serving(reader.app) as port:
        for name, module in stand_ins(f"http://127.0.0.1:{port}", heard).items():
            monkeypatch.setitem(sys.modules, name, module)
        exec(compile(snippet("Platforms with a server", "python"), "snippet", "exec"), {})  # noqa: S102  # our own
        for _ in range(2):
            heard[0](sender=None, comment=comment, request=request)
    [(payload,)] = reader.street.house.rows("SELECT payload FROM submissions")
    stored = json.loads(str(payload))
    assert (stored["platform_id"], stored["text"]) == ("7", "Well said!")
    assert stored["post"]["url"] == PAGE
