"""One entry of a list as it was read: what it is compared with, and a clause that says so."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from moderator.domain.errors import InvalidError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class EntryKind(StrEnum):
    """What an entry is compared with."""

    ADDRESS = "address"  # the author's IP address
    EMAIL = "email"
    NUMBER = "number"
    HOST = "host"  # with all below it
    PAGE = "page"  # with all below it
    ONE_HOST = "host:"
    ONE_PAGE = "url:"
    BELOW = "prefix:"
    AUTHOR = "author:"
    WORDS = "words"
    BEGINNING = "beginning"  # of a word
    ENDING = "ending"
    INSIDE = "inside"  # of words too
    UNSPACED = "unspaced"  # where no spaces part the words
    SIGNS = "signs"
    SPELLING = "spelling"  # letters as they are written


@dataclass(frozen=True, slots=True)
class Entry:
    """`typed` is the entry as it is stored, `value` what is looked for, `meaning` a clause."""

    typed: str
    sort: EntryKind
    value: str
    meaning: str
    networks: tuple[Network, ...] = ()


def refused(entry: str, why: str) -> InvalidError:
    """The refusal of an entry that could match, but not what was meant."""
    return InvalidError(f"{entry!r} cannot be an entry: {why}")


def silent(entry: str, why: str) -> InvalidError:
    """The refusal of an entry that could match nothing."""
    return InvalidError(f"No submission could match {entry!r}: {why}")
