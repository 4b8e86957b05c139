#!/usr/bin/env bash
# disposable-email-domains is a package on PyPI (0.0.293) and on npm (1.0.62). One expects one list in two
# wrappings, or at least that the shorter is a part of the longer.
# Seen: they come from different projects. npm's has some twelve times as many names and yet lacks most of
# PyPI's; well-known services are in one and not the other (temp-mail.ru and mail.tm only in PyPI's,
# 33mail.com and spamgourmet.com only in npm's).
# npm's has a second file of wildcards, in which names stand that its index lacks (anonaddy.com: every
# address there is at a name of its own below it); PyPI's has no such notion, and its allowlist is empty.
# Why it matters: a blog's form in JavaScript and its moderation in Python, each with "the"
# disposable-email-domains, disagree about most throwaway addresses, which looks like a fault of either.
# Prints sizes, overlap and some services; fails when they change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    disposable-email-domains==0.0.293 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    disposable-email-domains@1.0.62 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
"$folder/venv/bin/python" - "$folder/npm/node_modules/disposable-email-domains" <<'PYTHON' | tee "$folder/seen"
import json
import pathlib
import sys

import disposable_email_domains

folder = pathlib.Path(sys.argv[1])
index = set(json.loads((folder / "index.json").read_text()))
wildcards = set(json.loads((folder / "wildcard.json").read_text()))
python = set(disposable_email_domains.blocklist)
allowed = set(disposable_email_domains.allowlist)
print(f"PyPI {len(python)} names, allowlist {len(allowed)}; npm {len(index)} names, {len(wildcards)} wildcards")
print(f"in both {len(python & index)}, of PyPI's in neither file of npm's {len(python - index - wildcards)}")
for name in ("mailinator.com", "mail.tm", "temp-mail.ru", "33mail.com", "spamgourmet.com", "anonaddy.com"):
    print(f"{name:16} PyPI {name in python!s:5}  npm index {name in index!s:5}  npm wildcard {name in wildcards}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: the lists differ otherwise than seen"; exit 1; }
PyPI 10181 names, allowlist 0; npm 121570 names, 399 wildcards
in both 2745, of PyPI's in neither file of npm's 7434
mailinator.com   PyPI True   npm index True   npm wildcard True
mail.tm          PyPI True   npm index False  npm wildcard False
temp-mail.ru     PyPI True   npm index False  npm wildcard False
33mail.com       PyPI False  npm index True   npm wildcard True
spamgourmet.com  PyPI False  npm index True   npm wildcard False
anonaddy.com     PyPI False  npm index False  npm wildcard True
SEEN
