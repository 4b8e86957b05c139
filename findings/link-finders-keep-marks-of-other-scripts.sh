#!/usr/bin/env bash
# bleach 6.4.0 and linkify-it-py 2.2.0 (PyPI) find the links of comments that are plain text.
# Both give the full stop, the comma and the quotes after an address back to the sentence, as people expect.
# One expects the same of marks that mean the same: Japanese and Chinese 。，」, Hindi ।, Arabic ،, and “ ” « ».
# Seen: only those of ASCII end an address. Every other mark becomes part of it, and where there is no space after a
# sentence (Japanese, Chinese) so do the words that follow, up to the next space.
# Why it matters: the address that is found is none that anybody wrote. It answers 404, so that a check of links calls
# a good link dead, and two comments with one link seem to have two. It happens in whole languages, in every comment.
# Prints per sentence who finds the address ("yes"), and what else was found; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bleach==6.4.0 linkify-it-py==2.2.0 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" -W ignore - <<'PYTHON' | tee "$folder/seen"
import re

import bleach
from linkify_it import LinkifyIt

RIVER = "https://blog.example.org/river"
SENTENCES = {
    "full stop": "See {}. Then", "comma": "See {}, then", "straight quotes": 'See "{}" then',
    "curly quotes": "See “{}” then", "guillemets": "Voir «{}» puis", "Japanese full stop": "川は {}。次の文",
    "Japanese quotes": "川は「{}」と", "Chinese comma": "看 {}，好", "Hindi full stop": "यह {}। और", "Arabic comma": "انظر {}، ثم",
}
linkify = LinkifyIt()
FINDERS = {
    "bleach": lambda text: re.findall(r'href="([^"]*)"', bleach.linkify(text)),
    "linkify-it-py": lambda text: [found.url for found in linkify.match(text) or []],
}
for name, sentence in SENTENCES.items():
    found = {who: finder(sentence.format(RIVER)) for who, finder in FINDERS.items()}
    told = ", ".join(f"{who} {'yes' if urls == [RIVER] else urls}" for who, urls in found.items())
    print(f"{name}: {told}")
PYTHON
diff "$folder/seen" - <<'SEEN'
full stop: bleach yes, linkify-it-py yes
comma: bleach yes, linkify-it-py yes
straight quotes: bleach yes, linkify-it-py yes
curly quotes: bleach ['https://blog.example.org/river”'], linkify-it-py ['https://blog.example.org/river”']
guillemets: bleach ['https://blog.example.org/river»'], linkify-it-py ['https://blog.example.org/river»']
Japanese full stop: bleach ['https://blog.example.org/river。次の文'], linkify-it-py ['https://blog.example.org/river。次の文']
Japanese quotes: bleach ['https://blog.example.org/river」と'], linkify-it-py ['https://blog.example.org/river」と']
Chinese comma: bleach ['https://blog.example.org/river，好'], linkify-it-py ['https://blog.example.org/river，好']
Hindi full stop: bleach ['https://blog.example.org/river।'], linkify-it-py ['https://blog.example.org/river।']
Arabic comma: bleach ['https://blog.example.org/river،'], linkify-it-py ['https://blog.example.org/river،']
SEEN
