#!/usr/bin/env bash
# indieweb-utils 0.10.0 (PyPI) has both ends of TrackBack: send_trackback and process_trackback.
# One expects its receiver to take what its sender sends, and answers that are XML, as TrackBack has them.
# Seen: the sender names a charset in its Content-Type; the receiver compares the whole header with the
# bare media type and refuses every such ping. Its answers, success as well as error, begin with an empty
# line before the XML declaration, which XML allows only at the very start: a strict parser reads neither.
# Why it matters: a peer that parses answers strictly takes a received ping for a failed one, and what it
# then sends again reaches the blog's moderator twice; a ping with a charset never arrives at all. Strip
# an answer before parsing it, compare the media type without its parameters.
# Prints both; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check indieweb-utils==0.10.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" -W ignore - <<'PYTHON' | tee "$folder/seen"
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

from indieweb_utils.trackback import process_trackback, send_trackback

sent = []


class Blog(BaseHTTPRequestHandler):
    def answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        self.answer(
            "text/html; charset=utf-8",
            "<!doctype html><title>River</title><p>The river.</p><!-- "
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">'
            f'<rdf:Description rdf:about="{home}/river" trackback:ping="{home}/ping" /></rdf:RDF> -->',
        )

    def do_POST(self):
        sent.append(self.headers["Content-Type"])
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer("text/xml", '<?xml version="1.0"?><response><error>0</error></response>')

    def log_message(self, *_):
        pass


def read(answer):
    try:
        return "error " + ElementTree.fromstring(answer.encode()).findtext("error")
    except ElementTree.ParseError as error:
        return f"not XML ({error})"


server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
home = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
try:
    send_trackback(f"{home}/river", "https://ann.example.org/reply", "Reply", "I read it.", "Ann")
except Exception as error:
    print("sending:", type(error).__name__, error)
for kind in ("application/x-www-form-urlencoded", *sent):
    answer, taken = process_trackback("https://ann.example.org/reply", kind, "POST")
    print(f"{kind:50} {'taken' if taken else 'refused':8} answer: {read(answer)}; stripped: {read(answer.strip())}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: the two ends no longer behave as seen"; exit 1; }
application/x-www-form-urlencoded                  taken    answer: not XML (XML or text declaration not at start of entity: line 2, column 0); stripped: error 0
application/x-www-form-urlencoded; charset=utf-8   refused  answer: not XML (XML or text declaration not at start of entity: line 2, column 0); stripped: error 1
SEEN
