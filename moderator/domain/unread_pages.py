"""Pages that say nothing to a program: consent, CAPTCHA, drawn by scripts.

A page counts as unread when it has hardly any words and no links to speak of, and shows what such
pages are made of: scripts, a form, a frame, or the words of a gatekeeper.
"""

import re
from itertools import islice

from turbohtml import Document

FEW_WORDS = 600  # characters that a reader sees
FEW_LINKS = 8
PARTS = "form,iframe,noscript,meta[http-equiv=refresh i]"
GATES = re.compile(
    r"captcha|cloudflare|checking your browser|just a moment|are you (?:a )?(?:human|robot)"
    r"|enable javascript|requires javascript|javascript (?:is|must be)|before you continue|consent"
    r"|access denied|cookies?\b|accept all|verify you are",
    re.IGNORECASE,
)


def says_nothing(document: Document, *, has_scripts: bool) -> bool:
    """Whether what came back is a gate or an empty frame rather than the page itself.

    `has_scripts` is told, for whoever looked for links took the scripts out.
    """
    links = sum(1 for _ in islice(document.select("a[href]"), FEW_LINKS + 1))
    if links > FEW_LINKS:
        return False
    titles = " ".join(title.text for title in islice(document.select("head > title"), 2))
    body = document.select_one("body")
    words = " ".join(body.text.split()) if body is not None else ""
    if len(words) > FEW_WORDS:
        return False
    has_gate = GATES.search(f"{titles} {words}") is not None
    is_bare = len(words) < FEW_WORDS // 3 and links == 0
    return has_gate or (is_bare and (has_scripts or document.select_one(PARTS) is not None))
