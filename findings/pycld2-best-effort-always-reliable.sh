#!/usr/bin/env bash
# pycld2 0.42 (PyPI): detect(..., bestEffort=True) gives approximate answers for short text instead of
# "unknown"; the first value it returns says whether the answer is reliable. One expects that to be false
# for what is only the best effort.
# Seen: it is true for every text that got a language: for letters without words (English), and for short
# Dutch comments, named Danish with over 90 per cent. The score tells letters from words, but not wrong
# from right: a wrong Danish scores above a right Dutch. Without bestEffort the same texts are unknown,
# not reliable.
# Why it matters: comments are short. A moderator that weighs "not the blog's language" on a reliable
# answer holds Dutch readers' comments on a Dutch blog as Danish. Ask without bestEffort too, or take a
# best effort only for a language, never against one.
# Prints both answers per text; fails when they change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycld2==0.42 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import pycld2

TEXTS = (
    "Mooie foto van de brug",
    "Mooi verhaal over de brug",
    "Een mooie brug",
    "Dank je wel",
    "Wat een mooi verhaal",
    "xkjq wvzt plmf grbk tshd qwpl mnvx",
)


def answer(text, **options):
    reliable, _, (best, *_) = pycld2.detect(text, **options)
    return f"{best[1]} {best[2]:3} % score {best[3]:6.0f} reliable {reliable}"


for text in TEXTS:
    print(f"{text:36} {answer(text):35} | best effort: {answer(text, bestEffort=True)}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: other answers than seen"; exit 1; }
Mooie foto van de brug               un   0 % score      0 reliable False | best effort: da  95 % score    712 reliable True
Mooi verhaal over de brug            un   0 % score      0 reliable False | best effort: da  96 % score    630 reliable True
Een mooie brug                       un   0 % score      0 reliable False | best effort: da  93 % score   1092 reliable True
Dank je wel                          un   0 % score      0 reliable False | best effort: nl  92 % score    768 reliable True
Wat een mooi verhaal                 nl  95 % score   1267 reliable True | best effort: nl  95 % score   1267 reliable True
xkjq wvzt plmf grbk tshd qwpl mnvx   un   0 % score      0 reliable False | best effort: en  97 % score     29 reliable True
SEEN
