#!/usr/bin/env bash
# publicsuffixlist 1.1.2.20261023 (PyPI), psl 1.15.0 and tldts 7.6.0 (npm, with allowPrivateDomains) tell
# where one owner's part of a host begins, by the list's private section. One expects hosts that give every
# blogger a name to be in it, and newer lists to know more than older ones.
# Seen: GitHub Pages and hatenablog.com are told apart, Blogger in new lists only under .com; wordpress.com, tumblr.com,
# substack.com, livejournal.com, typepad.com and others are each one site to all of them. The section
# is by request of the host's owner, and loses names again: Blogger under .de is in the older psl (2024)
# only, bearblog.dev in the two newer ones only.
# Why it matters: who counts a reader's history or blocks by registrable domain takes all bloggers of
# wordpress.com for one and millions of GitHub's for separate ones, and two services that exchange such
# a "site" mean different things by it. Keep a list of blog hosts beside the public suffix list.
# Prints which of the hosts each package tells apart; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    publicsuffixlist==1.1.2.20261023 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    psl@1.15.0 tldts@7.6.0 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
cat >"$folder/npm/sites.js" <<'JS'
const psl = require("psl");
const tldts = require("tldts");
const hosts = process.argv.slice(2);
const sites = hosts.map((host) => [psl.get(host), tldts.getDomain(host, { allowPrivateDomains: true })]);
process.stdout.write(JSON.stringify(sites));
JS
"$folder/venv/bin/python" - "$folder/npm/sites.js" <<'PYTHON' | tee "$folder/seen"
import json
import subprocess
import sys

from publicsuffixlist import PublicSuffixList

HOSTS = (
    "github.io", "hatenablog.com", "blogspot.com", "blogspot.de", "bearblog.dev", "wordpress.com",
    "tumblr.com", "substack.com", "livejournal.com", "typepad.com", "dreamwidth.org", "micro.blog",
    "ghost.io", "over-blog.com", "tistory.com", "seesaa.net", "beehiiv.com", "neocities.org",
)
names = [f"ann.{host}" for host in HOSTS]
node = subprocess.run(["node", sys.argv[1], *names], check=True, capture_output=True, text=True)
psl = PublicSuffixList()
print(f"{'':16} publicsuffixlist  psl     tldts")
for name, host, (old, new) in zip(names, HOSTS, json.loads(node.stdout), strict=True):
    told = ["apart" if site == name else "one site" for site in (psl.privatesuffix(name), old, new)]
    print(f"{host:16} {told[0]:17} {told[1]:9}{told[2]}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: other hosts are told apart than seen"; exit 1; }
                 publicsuffixlist  psl     tldts
github.io        apart             apart    apart
hatenablog.com   apart             apart    apart
blogspot.com     apart             apart    apart
blogspot.de      one site          apart    one site
bearblog.dev     apart             one site apart
wordpress.com    one site          one site one site
tumblr.com       one site          one site one site
substack.com     one site          one site one site
livejournal.com  one site          one site one site
typepad.com      one site          one site one site
dreamwidth.org   one site          one site one site
micro.blog       one site          one site one site
ghost.io         one site          one site one site
over-blog.com    one site          one site one site
tistory.com      one site          one site one site
seesaa.net       one site          one site one site
beehiiv.com      one site          one site one site
neocities.org    one site          one site one site
SEEN
