#!/usr/bin/env bash
# simhash 2.1.2 (PyPI) tells how near two texts are by the bits in which their hashes differ. It names no language.
# One expects distance 0 of texts that say the same, and some distance where a word differs.
# Seen: what it compares are runs of Python's \w, which holds letters and no combining marks. The vowel signs of Hindi,
# Bengali and Tamil, and the tone marks of Thai, are such marks: "this is my son" and "this is my daughter" are
# one text, as are many names. Emoji and punctuation alone leave nothing, so that all such comments are one, too.
# Unicode holds marks to be part of words (UTS 18, annex C: \w has \p{Mark}; UAX 29 never breaks before them).
# Why it matters: a moderator that folds copies by distance throws away a correction, or what another person said, in
# these languages only, which tests in English, German or Chinese do not show. Give it features of one's own (it takes
# a list), taken from letters with their marks, as datasketch's users have to anyway.
# Prints the distance of pairs of comments, by its own features and by pairs of characters; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check simhash==2.1.2 numpy==2.2.6 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" -W ignore - <<'PYTHON' | tee "$folder/seen"
from simhash import Simhash

PAIRS = {
    "English, son and daughter": ("This is my son", "This is my daughter"),
    "Chinese, son and daughter": ("这是我的儿子", "这是我的女儿"),
    "Hindi, son and daughter": ("यह मेरा बेटा है", "यह मेरी बेटी है"),
    "Tamil, stone and leg": ("இது கல்", "இது கால்"),
    "Bengali, day and gift": ("এটা দিন", "এটা দান"),
    "Thai, white and news": ("ขาว", "ข่าว"),
    "thumbs up and down": ("👍", "👎"),
    "a question and a heart": ("???", "❤️"),
}


def pairs_of(text):
    return [text[at : at + 2] for at in range(len(text) - 1)] or [text]


for name, (one, other) in PAIRS.items():
    own = Simhash(one).distance(Simhash(other))
    given = Simhash(pairs_of(one)).distance(Simhash(pairs_of(other)))
    print(f"{name:26} its own features: {own:2}  pairs of characters: {given:2}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: the distances are others than seen"; exit 1; }
English, son and daughter  its own features: 25  pairs of characters: 15
Chinese, son and daughter  its own features: 18  pairs of characters: 23
Hindi, son and daughter    its own features:  0  pairs of characters: 19
Tamil, stone and leg       its own features:  0  pairs of characters: 11
Bengali, day and gift      its own features:  0  pairs of characters: 16
Thai, white and news       its own features:  0  pairs of characters: 27
thumbs up and down         its own features:  0  pairs of characters: 30
a question and a heart     its own features:  0  pairs of characters: 32
SEEN
