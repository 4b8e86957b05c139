#!/usr/bin/env bash
# akismet 25.10.1 (PyPI) checks the names of what it is given. Akismet documents the honeypot as two
# parameters: honeypot_field_name, and one by that very name with what was filled in there.
# One expects a client that takes the first to take the second, as akismet-api 6.0.0 (npm) does.
# Seen: the Python client accepts honeypot_field_name and raises UnknownArgumentError for the field it
# names, before anything is sent. Alone, the name reaches the server with no value to it.
# Why it matters: the one datum Akismet asks for about hidden fields cannot be sent; code that passes a
# documented request along fails only for blogs that have a honeypot. Leave both out with this client.
# Prints what reaches a server in Akismet's place from each client; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check akismet==25.10.1 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    akismet-api@6.0.0 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
cat >"$folder/npm/check.js" <<'JS'
require("dns").lookup = (name, options, found) =>
  options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4);
const { AkismetClient } = require("akismet-api");
const client = new AkismetClient({
  key: "key", blog: "https://blog.example.org/", host: process.argv[2], protocol: "http",
});
client
  .checkSpam({ ...JSON.parse(process.argv[3]), user_ip: "192.0.2.7" })
  .catch((error) => process.stdout.write(String(error)));
JS
"$folder/venv/bin/python" - "$folder/npm/check.js" <<'PYTHON' | tee "$folder/seen"
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import akismet
import httpx

COMMENT = {"comment_content": "Lovely river.", "honeypot_field_name": "nickname"}
FILLED = {**COMMENT, "nickname": "Ann"}
reached = []


def keep(body):
    fields = parse_qs(body, keep_blank_values=True)
    reached.append({name: fields[name][0] for name in ("honeypot_field_name", "nickname") if name in fields})


class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        keep(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"false")

    def log_message(self, *_):
        pass


def answer(request):
    keep(request.content.decode())
    return httpx.Response(200, text="false")


server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
python = akismet.SyncClient(
    config=akismet.Config(key="key", url="https://blog.example.org/"),
    http_client=httpx.Client(transport=httpx.MockTransport(answer)),
)
for name, comment in (("name alone", COMMENT), ("name and field", FILLED)):
    try:
        python.comment_check(user_ip="192.0.2.7", **comment)
        print(f"{name:15} akismet (PyPI): {reached.pop()}")
    except akismet.AkismetError as error:
        print(f"{name:15} akismet (PyPI): {type(error).__name__}: {error}")
host = f"akismet.test:{server.server_port}"
subprocess.run(["node", sys.argv[1], host, json.dumps(FILLED)], check=True)
print(f"name and field  akismet-api (npm): {reached.pop()}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: the clients send otherwise than seen"; exit 1; }
name alone      akismet (PyPI): {'honeypot_field_name': 'nickname'}
name and field  akismet (PyPI): UnknownArgumentError: Received unknown argument(s) for Akismet operation comment-check: nickname
name and field  akismet-api (npm): {'honeypot_field_name': 'nickname', 'nickname': 'Ann'}
SEEN
