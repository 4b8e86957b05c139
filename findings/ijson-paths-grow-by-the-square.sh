#!/usr/bin/env bash
# ijson 3.6.0 (PyPI) reads JSON as it comes, so that large documents need little memory. ijson.parse, and with it items
# and kvitems, name with every event the path of where it is: "item.item.item" in lists within lists.
# One expects memory that does not grow with the document, or by its depth.
# Seen: the paths of all open lists are kept as whole texts, so memory grows by the square of the depth: twice
# as deep, four times as much. 100 kB of "[" ask for some 25 GB, and nothing bounds the depth.
# ijson.basic_parse, which names no paths, stays flat on the same bytes.
# Why it matters: who streams a stranger's JSON to be safe from large documents is brought down by a small one.
# Prints the memory that each takes at three depths; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ijson==3.6.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
cat >"$folder/read.py" <<'PYTHON'
import io
import resource
import sys

import ijson

way, depth = sys.argv[1], int(sys.argv[2])
document = io.BytesIO(b"[" * depth + b"]" * depth)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
events = ijson.items(document, "nothing") if way == "items" else ijson.basic_parse(document)
for _ in events:
    pass
megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
size = "less than 2 MB" if megabytes < 2 else f"about {round(megabytes / 10) * 10} MB"
print(f"{way:12} {depth:5} lists in each other ({2 * depth / 1000:g} kB): {size}")
PYTHON
{
    for depth in 2000 4000 8000; do "$folder/venv/bin/python" "$folder/read.py" items "$depth"; done
    "$folder/venv/bin/python" "$folder/read.py" basic_parse 8000
} | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: memory no longer grows as it was seen"; exit 1; }
items         2000 lists in each other (4 kB): about 10 MB
items         4000 lists in each other (8 kB): about 40 MB
items         8000 lists in each other (16 kB): about 150 MB
basic_parse   8000 lists in each other (16 kB): less than 2 MB
SEEN
