#!/usr/bin/env bash
# granary (PyPI, 11.0) writes what Bridgy sends. A reply, like, repost, and also a mention, is a link
# without a word in it; a mention's is even hidden from assistive technology. What it answers or quotes
# stands in the page as an h-cite of its own, with an author of its own. A receiver that takes empty
# links for hidden ones holds all of it; one that takes the first p-author credits the quoted person.
# Prints the links without words, and every author of a quotation; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check granary==11.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import re
from granary import microformats2

POST = "https://blog.example.org/2026/03/the-river"
ANN = {"objectType": "person", "displayName": "Ann", "url": "https://social.example/ann"}
OWNER = {"objectType": "person", "displayName": "Owner", "url": "https://blog.example.org/"}
OBJECTS = {
    "reply": {"objectType": "comment", "content": "Lovely.", "inReplyTo": [{"url": POST}]},
    "like": {"objectType": "activity", "verb": "like", "object": [{"url": POST}]},
    "repost": {"objectType": "activity", "verb": "share", "object": [{"url": POST}]},
    "mention": {
        "objectType": "note",
        "content": "I read it.",
        "tags": [{"objectType": "mention", "url": POST}],
    },
    "quotation": {
        "objectType": "note",
        "content": "Look at this",
        "attachments": [{"objectType": "note", "url": POST, "content": "Said.", "author": OWNER}],
    },
}
for name, given in OBJECTS.items():
    page = microformats2.object_to_html({"author": ANN, "url": "https://social.example/1", **given})
    empty = re.findall(r'<a class="(u-[a-z-]+)"([^>]*)></a>', page)
    print(f"{name:10} links without words: {[c + (' hidden' * ('aria-hidden' in a)) for c, a in empty]}")
    authors = re.findall(r'p-author h-card">.*?p-name u-url"[^>]*>([^<]*)', page, re.DOTALL)
    print(f"{'':10} authors in the page: {authors}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: granary writes otherwise than seen"; exit 1; }
reply      links without words: ['u-in-reply-to']
           authors in the page: ['Ann']
like       links without words: ['u-like-of']
           authors in the page: ['Ann']
repost     links without words: ['u-repost-of']
           authors in the page: ['Ann']
mention    links without words: ['u-mention hidden']
           authors in the page: ['Ann']
quotation  links without words: []
           authors in the page: ['Ann', 'Owner']
SEEN
