"""Any text of a stranger as harmless HTML of bounded size, with everything invisible named.

1. What HTML would read is escaped, once.
2. What is drawn as nothing, or changes the direction of what follows, is replaced by its name, as
   are marks on a letter beyond a few.
3. A page names a bounded number of them, all its texts together: each name takes a hundred times
   the room of what it names. The others are squares, and their number is told.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from flask import g, has_app_context
from markupsafe import Markup, escape

MAX_MARKS = 3  # combining marks on one letter
MAX_NAMED = 400  # invisible characters or runs of one that a page names
MAX_SPELLED = 400  # characters of what is hidden in invisible tags
TIMES = "\u00d7"
UNNAMED = "\u25a1"  # a square, for what is not named any more
Name = tuple[str, str]  # what stands in the place of a run, and what it is called
# Plain characters that are drawn as emoji when the emoji style follows.
STYLED = "#*0123456789\u203c\u2049\u2122\u2139\u2194\u2195\u21a9\u21aa"
ZWNJ, ZWJ, EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"


def _marks() -> str:
    """Every combining mark, as the inside of a character class."""
    found = (i for i in (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0)))
    return "".join(chr(i) for i in found if is_mark(chr(i)))


def is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in {"Mn", "Me"} and not "\ufe00" <= letter <= "\ufe0f"


LAST_OF_PLANE = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    f"\ud800-\udfff\U000e0000-\U000e0fff{LAST_OF_PLANE}"
)
ODD = re.compile(f"(?P<hidden>[{HIDDEN}]+)|(?P<marks>[{_marks()}]{{{MAX_MARKS + 1},}})")
ONE = re.compile(r"(.)\1*", re.DOTALL)  # a character and its repeats


class _Room:
    """How many a page may still name."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_NAMED


def inert(value: object) -> Markup:
    """Return any text as harmless HTML."""
    text = str(value).replace("\r\n", "\n")
    room = _room()
    shown: list[str] = []
    end = unnamed = 0
    for odd in ODD.finditer(text):
        shown.append(escape(text[end : odd.start()]))
        end = odd.end()
        before, names = _read(odd)
        named = [_badge(*name) for name in islice(names, room.left)]
        room.left -= len(named)
        left_out = sum(1 for _ in names)
        shown.append(escape(before))
        shown += named
        shown.append(UNNAMED if left_out else "")
        unnamed += left_out
    shown.append(escape(text[end:]))
    if unnamed:
        shown.append(_badge(f"{UNNAMED} {TIMES}{unnamed}", "more that is drawn as nothing"))
    return Markup("".join(shown))  # noqa: S704  # each piece was escaped


def _room() -> _Room:
    """Of the page that is being made; a text that stands on none has a room of its own."""
    if not has_app_context():
        return _Room()
    found: _Room = g.setdefault("room_for_names", _Room())
    return found


def _read(odd: re.Match[str]) -> tuple[str, Iterator[Name]]:
    """What of a run is shown as it is, and what names the rest."""
    run = odd.group()
    if odd["marks"]:
        more = f"+{len(run) - MAX_MARKS} marks"
        return run[:MAX_MARKS], iter([(more, "combining marks left out")])
    before, after = odd.string[odd.start() - 1 : odd.start()], odd.string[odd.end() : odd.end() + 1]
    if _is_spelling(before, run, after):
        return run, iter(())
    if all("\U000e0020" <= letter <= "\U000e007e" for letter in run):
        hidden = "".join(chr(ord(letter) - 0xE0000) for letter in run[:MAX_SPELLED])
        more = "…" if len(run) > MAX_SPELLED else ""
        return "", iter([(f"hidden: {hidden}{more}", "text in invisible tag characters")])
    return "", (_name(repeats[0]) for repeats in ONE.finditer(run))


def _is_spelling(before: str, run: str, after: str) -> bool:
    """Whether joiners do what they are for: within an emoji, or a script that needs them."""
    if run in (ZWNJ, ZWJ) and "\u0600" <= before <= "\u0dff":
        return True
    is_emoji = unicodedata.category(before or " ") in {"So", "Sk"}
    if run in (ZWJ, EMOJI_STYLE + ZWJ):
        return is_emoji and unicodedata.category(after or " ") == "So"
    return run == EMOJI_STYLE and (is_emoji or before in STYLED)


def _name(run: str) -> Name:
    code = f"U+{ord(run[0]):04X}" + (f" {TIMES}{len(run)}" if len(run) > 1 else "")
    return code, unicodedata.name(run[0], "control character")


def _badge(label: str, title: str) -> Markup:
    return Markup('<span class="hid" title="{}">{}</span>').format(title, label)
