#!/usr/bin/env bash
# pydnsbl 1.1.7, aiodnsbl 1.0.0 (PyPI) and dnsbl 4.0.3 (npm) ask DNS blocklists about addresses.
# Spamhaus answers 127.255.255.0/24 to say that it will not answer: .252 the zone is mistyped, .254 the question
# came through a public resolver, .255 too many questions; its FAQ says that these are no listings.
# RFC 5782, which is older, has a client take any A record for a listing. One expects "no answer" where the list is
# known to refuse so, as for a name server that fails; npm's README says that lookup rejects on error.
# Seen: pydnsbl, which knows Spamhaus' codes by name, and aiodnsbl call every address listed (issue 27 of
# pydnsbl, open since 2023), and so does npm's, which asks through a public resolver by default.
# npm's lookup does not reject: a name server that fails is "not listed".
# Why it matters: a moderator with such a client works in a trial and holds or discards every comment from the day its
# questions are refused, each with a plausible reason. Take 127.0.0.0/16 for a listing, the rest for no answer.
# Prints per client what it says about addresses that the list (played on loopback) knows, does not know,
# or does not want to be asked about; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pydnsbl==1.1.7 aiodnsbl==1.0.0 \
    aiodns==3.6.1 pycares==4.11.0 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    dnsbl@4.0.3 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
cat >"$folder/npm/look.mjs" <<'JS'
import { lookup } from "dnsbl";

const [port, ...addresses] = process.argv.slice(2);
for (const address of addresses) {
  const said = await lookup(address, "zen.spamhaus.org", { servers: `127.0.0.1:${port}` })
    .then(listed => (listed ? "listed" : "not listed"), () => "no answer");
  console.log(said);
}
JS
"$folder/venv/bin/python" -W ignore - "$folder/npm/look.mjs" <<'PYTHON' | tee "$folder/seen"
import asyncio
import functools
import socket
import subprocess
import sys
import threading

import aiodns

ANSWERS = {
    "192.0.2.1": ("listed as spam (127.0.0.2)", "127.0.0.2"),
    "192.0.2.2": ("unknown to it (NXDOMAIN)", None),
    "192.0.2.3": ("a mistyped zone (.252)", "127.255.255.252"),
    "192.0.2.4": ("a public resolver (.254)", "127.255.255.254"),
    "192.0.2.5": ("too many questions (.255)", "127.255.255.255"),
    "192.0.2.6": ("it fails (SERVFAIL)", "fails"),
}
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
port = server.getsockname()[1]


def serve():
    while True:
        asked, peer = server.recvfrom(512)
        end = asked.index(b"\0", 12) + 5
        labels, place = [], 12
        while asked[place]:
            labels.append(asked[place + 1 : place + 1 + asked[place]].decode())
            place += 1 + asked[place]
        code = ANSWERS[".".join(reversed(labels[:4]))][1]
        failure = {None: 3, "fails": 2}.get(code, 0)
        head = asked[:2] + bytes([0x81, 0x80 | failure, 0, 1, 0, 0 if failure else 1, 0, 0, 0, 0])
        record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + (b"" if failure else socket.inet_aton(code))
        server.sendto(head + asked[12:end] + (b"" if failure else record), peer)


threading.Thread(target=serve, daemon=True).start()
aiodns.DNSResolver = functools.partial(aiodns.DNSResolver, nameservers=["127.0.0.1"], udp_port=port)

from aiodnsbl import DNSBLChecker
from aiodnsbl.providers import Provider
from pydnsbl import DNSBLIpChecker
from pydnsbl.providers import ZenSpamhaus


def told(listed, failed):
    return "listed" if listed else "no answer" if failed else "not listed"


async def ask(address):
    one = await DNSBLIpChecker(providers=[ZenSpamhaus()], loop=asyncio.get_running_loop()).check_async(address)
    two = await DNSBLChecker(providers=[Provider("zen.spamhaus.org")]).check_async(address)
    return told(one.blacklisted, one.failed_providers), told(two.blacklisted, two.failed_providers)


command = ["node", sys.argv[1], str(port), *ANSWERS]
javascript = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
row = "{:27} {:11} {:11} {}".format
print(row("the list's answer", "pydnsbl", "aiodnsbl", "dnsbl (npm)"))
for (address, (what, _)), last in zip(ANSWERS.items(), javascript, strict=True):
    print(row(what, *asyncio.run(ask(address)), last))
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: refusals are read otherwise than seen"; exit 1; }
the list's answer           pydnsbl     aiodnsbl    dnsbl (npm)
listed as spam (127.0.0.2)  listed      listed      listed
unknown to it (NXDOMAIN)    not listed  not listed  not listed
a mistyped zone (.252)      listed      listed      listed
a public resolver (.254)    listed      listed      listed
too many questions (.255)   listed      listed      listed
it fails (SERVFAIL)         no answer   no answer   not listed
SEEN
