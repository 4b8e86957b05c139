"""How links, names and pages are written down for the small models that judge them.

Of a link: the words around the first one, and of each the words of its registrable name (none where
everybody publishes), its path and the keys of its query; numbers only by their length.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from moderator.domain.content.facts import Facts
from moderator.domain.history.reputation import SHARED
from moderator.domain.links.find import Link, without
from moderator.domain.text.fold import fold
from moderator.domain.urls.hosts import registrable
from moderator.domain.urls.parse import Url

MARK = "\N{VIEWDATA SQUARE}"  # where the link stands
BEFORE, AFTER = 60, 40  # characters around it
MAX_LINKS = 4  # links that are read
MAX_LETTERS = 300  # characters of a path or name
MAX_NAME_WORDS = 8  # of a name whose capitals are looked at
FEW, SOME = 25, 80  # letters beside the links
WORD = re.compile(r"[^\W_]{2,}|#+")
DIGITS = re.compile(r"\d{1,9}")
KEY = re.compile(r"(?:^|&)([^=&]+)=")


def link_reading(facts: Facts) -> str:
    """What the link model reads; '' where there is no link."""
    if not facts.seen_links:
        return ""
    text = facts.submission.text
    found, shown = (facts.written, text) if text.isascii() else (facts.disguised, facts.folded)
    around = without(shown, found, f" {MARK} ")
    around = " ".join(around.lower().split()) if text.isascii() else fold(around)
    place = max(around.find(MARK), 0)
    letters = sum(map(str.isalpha, facts.prose[: SOME * 4]))
    room = "@few" if letters < FEW else "@some" if letters < SOME else "@much"
    begins = "@begins" * around.startswith(MARK)
    near = around[max(place - BEFORE, 0) : place + AFTER]
    return " ".join((near, *_links(facts.seen_links), room, begins))


@lru_cache(maxsize=2048)
def name_reading(name: str) -> str:
    """What the name model reads of a name: folded, and which of its words are capitals."""
    words = name[:MAX_LETTERS].split()[:MAX_NAME_WORDS]
    drawn = "".join("A" if word.isupper() else "a" if word.islower() else "N" for word in words)
    return f"{fold(name[:MAX_LETTERS])} @{drawn}" if words else ""


@lru_cache(maxsize=1024)
def page_reading(page: Url) -> str:
    """What the name model reads of a page; '' where everybody has one."""
    host = registrable(page.host)
    if host in SHARED or page.is_literal:
        return ""
    label = host.partition(".")[0]
    return " ".join([label, *WORD.findall(DIGITS.sub("", page.path[:MAX_LETTERS].lower()))])


def _links(links: Sequence[Link]) -> list[str]:
    urls = [link.url for link in links[:MAX_LINKS] if link.url is not None]
    return [_of_link(url) for url in urls]


def _of_link(url: Url) -> str:
    host = registrable(url.host)
    name, _, top = host.partition(".")
    where = "@shared" if host in SHARED else f"@own {' '.join(WORD.findall(name))} .{top}"
    path = DIGITS.sub(lambda number: "#" * len(number[0]), url.path[:MAX_LETTERS].lower())
    keys = [f"?{key}" for key in KEY.findall(url.query[:MAX_LETTERS].lower())]
    root = "@root" * (len(path) <= 1)
    return " ".join((where, *WORD.findall(path), *keys, root))
