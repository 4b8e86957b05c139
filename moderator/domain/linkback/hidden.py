"""Whether a reader could see a link: hidden by attribute or inline style, empty, or quoted away."""

import re
from functools import lru_cache
from itertools import islice

from turbohtml import Element

from moderator.domain.text.fold import INVISIBLE

SUSPECTS = "[hidden],[style],dialog:not([open]),noscript"
# Declarations without white space that take an element out of sight.
HIDING = re.compile(
    r"(?:^|;)(?:"
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|color:transparent"
    r"|opacity:\.?0(?:\.0*)?%?(?=;|$|!)|font(?:-size)?:0(?:\.0*)?(?:px|em|rem|%|pt)?(?=[;!/]|$)"
    r"|(?:left|right|top|bottom|text-indent|margin(?:-left|-top|-right|-bottom)?|inset)"
    r":-(?:\d{3,}px|\d{3,}|\d{2,}(?:em|rem|vw|vh|%|cm|in))"
    r"|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%|clip-path:circle\(0"
    r"|transform:(?:scale[xy3d]*\(0|translate[xy3d]*\(-\d{3,})"
    r")"
)
COLLAPSED = re.compile(r"(?:^|;)(?:max-)?(?:height|width):[01](?:px|em|rem|%)?(?=[;!]|$)")
CLIPPED = re.compile(r"(?:^|;)overflow(?:-[xy])?:(?:hidden|clip)")
# A comment that is not closed reaches to the end, as in browsers.
CSS_NOISE = re.compile(r"/\*.*?(?:\*/|\Z)|\s+", re.DOTALL)
MAX_STYLE = 10_000
MAX_DEPTH = 500
MAX_SUSPECTS = 100
PICTURES = "img,svg,picture,video,canvas,object,embed,iframe,input,button"


def is_hidden(element: Element) -> bool:
    """Whether the element or anything around it is hidden."""
    suspect = element.closest(SUSPECTS)
    for _ in range(MAX_SUSPECTS):
        if suspect is None:
            return False
        if suspect.tag in {"dialog", "noscript"} or suspect.attr("hidden") is not None:
            return True
        if _hides(suspect.attr("style") or ""):
            return True
        around = suspect.parent
        suspect = around.closest(SUSPECTS) if isinstance(around, Element) else None
    return True  # nobody wraps an honest link in so much styling


def is_empty(anchor: Element) -> bool:
    """Whether there is nothing to see or to click on."""
    if anchor.tag == "area":
        return False
    if INVISIBLE.sub("", anchor.text).strip() or anchor.select_one(PICTURES) is not None:
        return False
    # At the parser's depth limit children become siblings: nothing can be said there.
    return next(islice(anchor.ancestors, MAX_DEPTH, None), None) is None


@lru_cache(maxsize=256)  # the links of a page stand in the same few elements
def _hides(style: str) -> bool:
    plain = CSS_NOISE.sub("", style[:MAX_STYLE]).lower()
    if not plain:
        return False
    collapsed = COLLAPSED.search(plain) is not None and CLIPPED.search(plain) is not None
    return collapsed or HIDING.search(plain) is not None
