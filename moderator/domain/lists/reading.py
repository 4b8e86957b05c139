"""Reads one entry of a list as it was meant, or refuses it with a sentence.

An entry's form says what it is, in this order:
- a scope in front (`url:`, `prefix:`, `host:`, `author:`) narrows it;
- an address, a network, a range, or the beginning of an address (`192.0.2.`, `192.0.2.*`);
- a telephone number, compared by its digits;
- an address with a path: that page and all below it; without a path its host;
- an e-mail address, or all of a domain (`@example.org`, `*@example.org`);
- a host with everything below it (`example.org`, `*.example.org`), all of a top-level domain
  (`*.ru`, `.xyz`);
- a word with a star at an end (`casino*`, `*casino*`): for any letters;
- letters that pass for Latin ones (the word "in" with a Cyrillic i): just that spelling;
- signs (`$$$`, `c++`, `node.js`, an emoji): just these;
- anything else: whole words in this order; in scripts without spaces between words, anywhere.

There are no patterns, so matching is linear in the text.
"""

from collections.abc import Iterable

from moderator.domain.errors import InvalidError
from moderator.domain.lists import places, wording
from moderator.domain.lists.entry import Entry, refused, silent

MAX_LENGTH = 1_000  # characters of an entry
AT_ENDS = " \t\r\n\u00a0\u200b\ufeff"
READERS = (
    places.scoped, places.address, wording.number, places.page, places.email, places.host,
    wording.pattern, wording.starred,
)  # fmt: skip


def read_entry(typed: str) -> Entry:
    """Raises InvalidError, with a sentence, for what could match nothing or not what was meant."""
    entry = typed.strip(AT_ENDS)
    if not entry:
        raise silent(typed, "it is empty")
    if len(entry) > MAX_LENGTH:
        raise refused(f"{entry[:40]}...", f"it has more than {MAX_LENGTH} characters")
    if (words := wording.plainly(entry)) is not None:
        return words
    for reader in READERS:
        found = reader(entry)
        if found is not None:
            return found
    return wording.wording(entry)


def refusals(entries: Iterable[str]) -> dict[str, str]:
    """Why entries cannot be read as meant, a sentence each."""
    wrong = {}
    for entry in entries:
        try:
            read_entry(entry)
        except InvalidError as error:
            wrong[entry] = str(error)
    return wrong
