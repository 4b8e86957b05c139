#!/usr/bin/env bash
# pycld2 0.42 (PyPI) takes a str and says "input contains invalid UTF-8" for text that is valid.
# One expects a str without lone surrogates, which always encodes to valid UTF-8, to be judged, with
# characters that carry no language passed over.
# Seen: vertical tab, escape, delete, the C1 controls (U+0085 "next line" is one) and noncharacters raise
# that error; tab, line feed and form feed do not. The position given is a byte, not an index of the str.
# Why it matters: a line break within a paragraph is a vertical tab in text copied from word processors,
# and U+0085 comes with text from old mail and mainframe exports. A moderator that reads the error as "the
# blog sent broken bytes" looks in the wrong place; one that does not expect it loses the finding for the
# whole comment. Replace such characters by spaces before detecting.
# Prints per character whether the text was judged; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycld2==0.42 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import pycld2

TEXT = "I liked the article about the river{}and the bridge over it very much"
CHARACTERS = {
    "tab": "\t", "line feed": "\n", "vertical tab": "\v", "form feed": "\f", "escape": "\x1b",
    "delete": "\x7f", "next line": "\x85", "no-break space": "\xa0", "soft hyphen": "\xad",
    "line separator": "\u2028", "byte order mark": "\ufeff", "noncharacter": "\ufdd0",
}
for name, character in CHARACTERS.items():
    text = TEXT.format(character)
    assert text.encode().decode() == text
    try:
        answer = pycld2.detect(text)[2][0][1]
    except pycld2.error as error:
        answer = f"error: {error}"
    print(f"{name:16} U+{ord(character):04X}  {answer}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: other characters than seen are refused"; exit 1; }
tab              U+0009  en
line feed        U+000A  en
vertical tab     U+000B  error: input contains invalid UTF-8 around byte 35 (of 68)
form feed        U+000C  en
escape           U+001B  error: input contains invalid UTF-8 around byte 35 (of 68)
delete           U+007F  error: input contains invalid UTF-8 around byte 35 (of 68)
next line        U+0085  error: input contains invalid UTF-8 around byte 35 (of 69)
no-break space   U+00A0  en
soft hyphen      U+00AD  en
line separator   U+2028  en
byte order mark  U+FEFF  en
noncharacter     U+FDD0  error: input contains invalid UTF-8 around byte 35 (of 70)
SEEN
