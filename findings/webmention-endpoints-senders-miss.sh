#!/usr/bin/env bash
# ronkyuu 0.9, webmention-tools 0.4.1 and indieweb-utils 0.10.0 (PyPI) look for the Webmention endpoint
# of the same pages. One expects the same endpoint from all: the recommendation's discovery is fixed
# (the Link header first, then the first <link> or <a> in document order; rel is a list of words; an
# empty href is the page itself; a relative address is resolved against the page).
# Seen: webmention-tools reads rel only where it is quoted and a single word, takes a later <link> over
# an earlier <a>, and takes an empty href for none. indieweb-utils reads no <a> at all and only the first
# word of rel, lets the body overrule the header, takes the site's home for an empty href, and builds an
# address on another host out of a relative one in the header. ronkyuu finds all of them.
# Why it matters: a blog that announces its endpoint correctly gets no linkbacks from such senders and
# cannot see why. What all three find is an absolute address in a Link header with the one quoted word
# "webmention", and a body that agrees with it.
# Prints per page the path each sender found ("-": none); fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    ronkyuu==0.9 webmention-tools==0.4.1 indieweb-utils==0.10.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" -W ignore - <<'PYTHON' | tee "$folder/seen"
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import ronkyuu
from indieweb_utils import discover_webmention_endpoint
from webmentiontools.send import WebmentionSend

PAGES = {
    "header, one quoted word": ('<{home}/right>; rel="webmention"', ""),
    "header, rel unquoted": ("<{home}/right>; rel=webmention", ""),
    "header, two words": ('<{home}/right>; rel="webmention author"', ""),
    "header, relative": ('</right>; rel="webmention"', ""),
    "header and body": ('<{home}/right>; rel="webmention"', '<link rel="webmention" href="/wrong">'),
    "a only": ("", '<a rel="webmention" href="/right">mention</a>'),
    "a before link": ("", '<a rel="webmention" href="/right">mention</a><link rel="webmention" href="/wrong">'),
    "link, second word": ("", '<link rel="author webmention" href="/right">'),
    "empty href": ("", '<link rel="webmention" href="">'),
}


class Blog(BaseHTTPRequestHandler):
    def do_GET(self):
        header, body = list(PAGES.values())[int(self.path.strip("/"))]
        self.send_response(200)
        if header:
            self.send_header("Link", header.format(home=home))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>River</title><body>{body}<p>The river.</p>".encode())

    def log_message(self, *_):
        pass


def tools(page):
    sender = WebmentionSend("https://ann.example.org/reply", page)
    sender.requests_kwargs = {}
    sender._discoverEndpoint()
    return sender.receiver_endpoint


def utils(page):
    try:
        return discover_webmention_endpoint(page).endpoint
    except Exception as error:
        return None if type(error).__name__ == "WebmentionEndpointNotFound" else type(error).__name__


def shown(address, page):
    if address is None:
        return "-"
    if address == page:
        return "the page"
    return address.split(host, 1)[1] or "/" if host in address else address


server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
host = f"127.0.0.1:{server.server_port}"
home = f"http://{host}"
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"{'':24} {'ronkyuu':10} {'webmention-tools':17} indieweb-utils")
for number, name in enumerate(PAGES):
    page = f"{home}/{number}"
    found = (ronkyuu.discoverEndpoint(page, test_urls=False)[1], tools(page), utils(page))
    short = [shown(address, page) for address in found]
    print(f"{name:24} {short[0]:10} {short[1]:17} {short[2]}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: the senders no longer find what they did"; exit 1; }
                         ronkyuu    webmention-tools  indieweb-utils
header, one quoted word  /right     /right            /right
header, rel unquoted     /right     -                 /right
header, two words        /right     -                 -
header, relative         /right     /right            https://http/right
header and body          /right     /right            /wrong
a only                   /right     /right            -
a before link            /right     /wrong            /wrong
link, second word        /right     /right            -
empty href               the page   -                 /
SEEN
