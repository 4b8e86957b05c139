"""Reads translations (gettext's .po files) without any tool: one dictionary per language.

Pages and mails speak by them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from pathlib import Path

FOLDER = Path(__file__).parent / "translations"
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français"}
ENGLISH = "en"  # its catalogue has reasons only: sentences without the ids that programs need
BETWEEN = "\x04"  # gettext's own sign between a context and a message
Entry = dict[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`messages` by id (with its context before it), each with its plural forms in order."""

    messages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    form_of: Callable[[int], int] = lambda number: int(number != 1)

    def gettext(self, message: str) -> str:
        return self.messages.get(message, (message,))[0]

    def ngettext(self, one: str, many: str, number: int) -> str:
        forms = self.messages.get(one, ())
        form = self.form_of(number)
        return forms[form] if form < len(forms) else one if number == 1 else many

    def pgettext(self, context: str, message: str) -> str:
        """'' when there is none: a code is no text."""
        return self.messages.get(f"{context}{BETWEEN}{message}", ("",))[0]


@cache
def catalogue(code: str) -> Catalogue:
    """English for a language that is not known."""
    return read(FOLDER / f"{code if code in NAMES else ENGLISH}.po")


def read(path: Path) -> Catalogue:
    """Raises ValueError when it is no .po file."""
    messages: dict[str, tuple[str, ...]] = {}
    header = ""
    for entry in _entries(path.read_text("utf-8")):
        if not entry.get("msgid"):
            header = entry.get("msgstr", "")
            continue
        context = entry.get("msgctxt")
        key = entry["msgid"] if context is None else f"{context}{BETWEEN}{entry['msgid']}"
        forms = [entry.get("msgstr", "")] if "msgstr" in entry else _forms(entry)
        if all(forms):
            messages[key] = tuple(forms)
    return Catalogue(messages, _rule(header))


def _forms(entry: Entry) -> list[str]:
    return [text for name, text in sorted(entry.items()) if name.startswith("msgstr[")]


def _rule(header: str) -> Callable[[int], int]:
    """What `Plural-Forms: nplurals=2; plural=n != 1;` says."""
    for line in header.splitlines():
        name, _, value = line.partition(":")
        if name == "Plural-Forms":
            found: Callable[[int], int] = c2py(value.partition("plural=")[2].strip(" ;"))
            return found
    return Catalogue().form_of


def _entries(text: str) -> Iterator[Entry]:
    entry: Entry = {}
    name = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            if entry:
                yield entry
            entry, name = {}, ""
            continue
        word, _, quoted = line.partition(" ") if not line.startswith('"') else (name, "", line)
        if not word or not quoted.startswith('"'):
            raise ValueError(f"line {number} is no line of a .po file")
        name = word
        entry[name] = entry.get(name, "") + json.loads(quoted, strict=False)
    if entry:
        yield entry
