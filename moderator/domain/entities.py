"""Resolves HTML's character references in any text: the standard library's `unescape`, mended.

`html.unescape` raises ValueError on a number of more than 4,300 digits. Here it is read as browsers
do: leading zeros count for nothing, and a number beyond Unicode is U+FFFD.
"""

import html
import re

LONG = re.compile(r"&#([0-9]{8,})")
DIGITS = 7  # of the largest code point, 1114111
BEYOND = "1114112"


def unescape(text: str) -> str:
    """The text with its character references resolved, once."""
    if "&" not in text:
        return text
    return html.unescape(LONG.sub(_shortened, text))


def _shortened(found: re.Match[str]) -> str:
    digits = found[1].lstrip("0") or "0"
    return f"&#{digits if len(digits) <= DIGITS else BEYOND}"
