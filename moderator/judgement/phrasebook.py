"""Writes comments from a grammar of spam themes and their honest look-alikes; for training only.

(a|b|) chooses, {slot} refers to a [slot], ☺ is written as :) and a line under [spam theme] or
[ham theme] is a phrasing.
"""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("grammar")
NAMES = Path(__file__).with_name("names.txt")
SECTION = re.compile(r"\[(slot|spam|ham) ([\w ]+)\]")
SLOT = re.compile(r"\{(\w+)\}")
CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Phrasing:
    theme: str
    is_spam: bool
    template: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    slots: dict[str, list[str]]
    phrasings: tuple[Phrasing, ...]

    def write(self, template: str, chance: random.Random) -> str:
        """Write one text from a template."""
        text = template
        while match := CHOICE.search(text):  # the innermost choice first
            text = text[: match.start()] + chance.choice(match[1].split("|")) + text[match.end() :]
        filled = SLOT.sub(lambda slot: self.write(chance.choice(self.slots[slot[1]]), chance), text)
        return " ".join(filled.replace("☺", ":)").split())

    def texts(self, each: int, chance: random.Random) -> Iterator[tuple[Phrasing, str]]:
        """Write at most `each` different texts per phrasing."""
        for phrasing in self.phrasings:
            written = {self.write(phrasing.template, chance) for _ in range(each)}
            yield from ((phrasing, text) for text in sorted(written))


def phrasebook(folder: Path = FOLDER) -> Phrasebook:
    """Read all grammar files of a folder."""
    return _read(sorted(folder.glob("*.txt")))


def book_of_names(path: Path = NAMES) -> Phrasebook:
    """Read what writes the names and pages of authors; it knows the slots of the grammar."""
    slots = phrasebook().slots
    names = _read([path])
    return Phrasebook(slots | names.slots, names.phrasings)


def _read(paths: Iterable[Path]) -> Phrasebook:
    slots: dict[str, list[str]] = {}
    phrasings: list[Phrasing] = []
    kind, name = "", ""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            if section := SECTION.fullmatch(line.strip()):
                kind, name = section.groups()
            elif kind == "slot":
                slots.setdefault(name, []).append(line)
            else:
                phrasings.append(Phrasing(name, kind == "spam", line))
    return Phrasebook(slots, tuple(phrasings))
