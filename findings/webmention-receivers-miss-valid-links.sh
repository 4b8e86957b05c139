#!/usr/bin/env bash
# webmentions 0.2.0, bussator 0.2, django-wm 4.2.0, django-webmention 4.0.0 and indieweb-utils 0.10.0 (PyPI) receive
# webmentions: each fetches the source and looks for the target.
# One expects them to agree on pages that plainly link. Webmention, 3.2.2: in HTML the addresses of <a>, <img>,
# <video> "and other similar links", in JSON values that match exactly, in plain text the string, exactly.
# Seen: only webmentions finds the links of HTML pages and of plain text. bussator and django-wm know no link but <a>,
# so that who shows a picture of a blog does not mention it; django-wm reads nothing but text/html, bussator takes
# everything for HTML. django-webmention looks for the bytes, and misses a target with "&", which HTML writes "&amp;".
# indieweb-utils looks for <a> in the text of the page, where the tags are gone already, so that no page is valid for
# its links. JSON is found by the two that look for bytes (webmentions falls back on them); with "\/" for "/", as PHP
# writes it, by nobody.
# Why it matters: a sender is told 400 or, by those that answer first and look later, nothing, and the blogger who
# tests with <a> on a clean address cannot see it. A receiver decodes the source by its type before it compares.
# Prints per kind of source on loopback who takes it ("yes"), and who does not; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check webmentions==0.2.0 bussator==0.2 django-wm==4.2.0 \
    django-webmention==4.0.0 indieweb-utils==0.10.0 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" -W ignore - <<'PYTHON' | tee "$folder/seen"
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import django
from django.conf import settings

logging.disable(logging.CRITICAL)
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mentions", "webmention"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DOMAIN_NAME="blog.example.org",
)
django.setup()

from bussator.application import Request
from indieweb_utils.webmentions.validate import WebmentionValidationError, validate_webmention
from mentions.exceptions import SourceDoesNotLink, SourceNotAccessible
from mentions.tasks.incoming.remote import get_metadata_from_source, get_source_html
from webmention.resolution import TargetNotFoundError, fetch_and_validate_source
from webmentions._exceptions import WebmentionGone
from webmentions.handlers._parser import WebmentionsRequestParser

RIVER, QUERY = "https://blog.example.org/river", "https://blog.example.org/?page=river&part=2"
ESCAPED = QUERY.replace("&", "&amp;")
PICTURE, FILM = "https://blog.example.org/river.jpg", "https://blog.example.org/river.mp4"
START = "<!doctype html><title>A walk</title><p>I read "
HTML, JSON = "text/html; charset=utf-8", "application/json"
SOURCES = {
    "<a href>": (HTML, f'{START}<a href="{RIVER}">this</a>', RIVER),
    '<a href>, "&" in it': (HTML, f'{START}<a href="{ESCAPED}">this</a>', QUERY),
    "<img src>": (HTML, f'{START}<img src="{PICTURE}" alt="the river">', PICTURE),
    "<video src>": (HTML, f'{START}<video src="{FILM}"></video>', FILM),
    "plain text": ("text/plain; charset=utf-8", f"I read {RIVER} today", RIVER),
    "JSON": (JSON, f'{{"in-reply-to": "{RIVER}"}}', RIVER),
    r'JSON, "/" as "\/"': (JSON, f'{{"in-reply-to": "{RIVER}"}}'.replace("/", r"\/"), RIVER),
}


class Source(BaseHTTPRequestHandler):
    def do_GET(self):
        kind, page, _ = SOURCES[list(SOURCES)[int(self.path[1:])]]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(page.encode())

    do_HEAD = do_GET

    def log_message(self, *words):
        pass


def indieweb_utils(source, target):
    return validate_webmention(source, target).webmention_is_valid


def django_wm(source, target):
    return get_metadata_from_source(get_source_html(source), target, source)


def bussator(source, target):
    return Request({"source": [source], "target": [target]}, None).parse_source()


parser = WebmentionsRequestParser(base_url="https://blog.example.org/", ssrf_protection=False)
RECEIVERS = {
    "webmentions": parser.parse,
    "bussator": bussator,
    "django-wm": django_wm,
    "django-webmention": fetch_and_validate_source,
    "indieweb-utils": indieweb_utils,
}
REFUSED = (
    SourceDoesNotLink, SourceNotAccessible, TargetNotFoundError, WebmentionGone, WebmentionValidationError,
)


def taken(receiver, source, target):
    try:
        return "yes" if receiver(source, target) else "no"
    except REFUSED:
        return "no"


server = ThreadingHTTPServer(("127.0.0.1", 0), Source)
threading.Thread(target=server.serve_forever, daemon=True).start()
row = "{:20} {:12} {:9} {:10} {:18} {}".format
print(row("", *RECEIVERS))
for place, (name, (_, _, target)) in enumerate(SOURCES.items()):
    source = f"http://127.0.0.1:{server.server_port}/{place}"
    print(row(name, *(taken(receiver, source, target) for receiver in RECEIVERS.values())))
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: other sources than seen are taken"; exit 1; }
                     webmentions  bussator  django-wm  django-webmention  indieweb-utils
<a href>             yes          yes       yes        yes                no
<a href>, "&" in it  yes          yes       yes        no                 no
<img src>            yes          no        no         yes                no
<video src>          yes          no        no         yes                no
plain text           yes          no        no         yes                no
JSON                 yes          no        no         yes                no
JSON, "/" as "\/"    no           no        no         no                 no
SEEN
