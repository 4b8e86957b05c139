#!/usr/bin/env bash
# mf2util 0.5.2 with mf2py 2.0.2 (PyPI): what a receiver of webmentions uses to show who wrote.
# The microformats2 parsing specification gives a picture with alternative text as an object ("value" and
# "alt"), and mf2py does so. mf2util describes an author's photo as a URL.
# One expects the URL whether or not the picture has an alternative text, as for every other property.
# Seen: interpret_comment gives the object itself as author.photo as soon as <img> has an alt attribute, even an empty
# one; without it a string. The names and URLs beside it are strings in both cases.
# Why it matters: alt is what accessible themes print, so that the type depends on the sender's theme. A receiver that
# stores or shows the photo writes a Python or JSON object into src, or fails on the first such mention.
# Prints per <img> what the author's photo is; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mf2util==0.5.2 mf2py==2.0.2 beautifulsoup4==4.13.4 \
    html5lib==1.1 requests==2.32.3 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" -W ignore - <<'PYTHON' | tee "$folder/seen"
import mf2py
import mf2util

SOURCE, TARGET = "https://mona.example.org/note", "https://blog.example.org/river"
PAGE = f"""<!doctype html>
<article class="h-entry">
  <a class="u-in-reply-to" href="{TARGET}">the river</a>
  <p class="p-author h-card"><img class="u-photo" src="/mona.jpg"ALT><a class="p-name u-url" href="/">Mona</a></p>
  <p class="e-content">I walked there too.</p>
</article>"""

for alt in ("", ' alt=""', ' alt="Mona on a bridge"'):
    parsed = mf2py.parse(doc=PAGE.replace("ALT", alt), url=SOURCE)
    comment = mf2util.interpret_comment(parsed, SOURCE, [TARGET])
    author = comment["author"]
    kinds = ", ".join(f"{name} {type(author[name]).__name__}" for name in ("name", "url", "photo"))
    print(f"<img{alt}>: {comment['comment_type']}, {kinds}")
PYTHON
diff "$folder/seen" - <<'SEEN'
<img>: ['reply'], name str, url str, photo str
<img alt="">: ['reply'], name str, url str, photo dict
<img alt="Mona on a bridge">: ['reply'], name str, url str, photo dict
SEEN
