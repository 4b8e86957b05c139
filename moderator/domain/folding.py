"""Folds text so that what looks the same to a reader is the same to us.

Order: entities are the caller's (text is plain already); compatibility forms (NFKC: full-width,
maths alphabets, circled letters), case, look-alike letters of other scripts inside Latin words,
combining marks, invisible characters, white space (Unicode UAX 15, UTS 39).
"""

import re
import unicodedata

# Zero-width and bidi controls, soft hyphen, variation selectors, tags: drawn as nothing.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return `text` folded for comparison: lower case, one space between words, no ends."""
    if text.isascii():
        return SPACE.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    return SPACE.sub(" ", INVISIBLE.sub("", folded)).strip()
