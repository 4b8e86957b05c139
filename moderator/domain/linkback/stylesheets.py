"""Which selectors a page's own <style> takes out of sight; only what holds for every reader counts.

Rules inside @media and the like are left out: they hide for print, or for small screens. Fading in
(opacity) is left out too: scripts undo it. Linear: one pass over a bounded text.
"""

import re
from collections.abc import Iterable

MAX_TEXT = 150_000
MAX_SELECTORS = 200
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
PIECE = re.compile(r"[{}]")
HIDES = re.compile(
    r"(?:^|;)(?:display:none|visibility:hidden|font-size:0(?=[;!]|\Z|px|em)"
    r"|(?:left|top|text-indent|margin-left):-\d{4,}px)"
)
# Only names, classes and ids: combinators and functions could be made to match for hours.
SIMPLE = re.compile(
    r"(?=.)(?:[a-zA-Z][a-zA-Z0-9]{0,20})?(?:[.#]-?[A-Za-z_][A-Za-z0-9_-]{0,80}){0,4}"
)
SPACE = re.compile(r"\s+")


def hiding_selectors(styles: Iterable[str]) -> tuple[str, ...]:
    """The simple selectors of all rules that hide, outside of any @-rule."""
    found: list[str] = []
    left = MAX_TEXT
    for each in styles:
        style = each[:left]
        left -= len(style)
        for prelude, body in _rules(COMMENT.sub(" ", style)):
            if HIDES.search(SPACE.sub("", body).lower()):
                found += [
                    one for one in map(str.strip, prelude.split(",")) if SIMPLE.fullmatch(one)
                ]
    return tuple(dict.fromkeys(found))[:MAX_SELECTORS]


def _rules(text: str) -> Iterable[tuple[str, str]]:
    """Prelude and body of each rule at the top level."""
    depth, start, prelude = 0, 0, ""
    for piece in PIECE.finditer(text):
        if piece[0] == "{":
            if depth == 0:
                prelude = text[start : piece.start()].rpartition(";")[2].strip()
                start = piece.end()
            depth += 1
        elif depth == 0:  # closes nothing
            start = piece.end()
        else:
            depth -= 1
            if depth == 0:
                if not prelude.startswith("@"):
                    yield prelude, text[start : piece.start()]
                start = piece.end()
