"""How words are spelled where lists are compared with texts.

A text has up to four spellings, each a row of words: with its accents; the same without them where
so many stand on a word that they are a disguise; without any; and as it was written, look-alikes
and all. A text in plain letters has only one.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from moderator.domain.text.fold import INVISIBLE, fold
from moderator.domain.text.marks import normalized

REMEMBERED = 50_000  # characters whose part in a word is kept: more are not in use
MAX_REMEMBERED_LETTERS = 64  # letters of a word that is remembered
DISGUISE = 3  # accents of a word, if they stand on half of its letters
# Vowel signs that the writers of Arabic and Hebrew put or leave out, and what draws words out.
OPTIONAL = frozenset((*range(0x591, 0x5C8), *range(0x610, 0x61B), *range(0x64B, 0x660), *range(
    0x6D6, 0x6EE), 0x640, 0x670))  # fmt: skip
# One letter to its writers, several to machines.
ONE = {
    "\u0622": "\u0627", "\u0623": "\u0627", "\u0625": "\u0627", "\u0671": "\u0627",
    "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0451": "\u0435",
}  # fmt: skip
FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
NARROW = re.compile("[A-Za-z]")
LIGHT = frozenset(" .*-_·~|/")  # put between letters without parting them

Words = Sequence[str]


class WordParts(dict[int, str]):
    """What each character is to a word: its letter, nothing, or the end of it."""

    def __missing__(self, code: int) -> str:
        part = self.of(chr(code))
        if len(self) < REMEMBERED:
            self[code] = part
        return part

    def of(self, letter: str) -> str:
        if ord(letter) in OPTIONAL:
            return ""
        if letter.isalnum():
            return ONE.get(letter, letter)
        return letter if unicodedata.category(letter)[0] == "M" else " "


class JoinedWord(WordParts):
    """The same where no spaces part the words: light signs go, others end a row of words."""

    def of(self, letter: str) -> str:
        part = "" if letter in LIGHT else super().of(letter)
        return "\n" if part == " " else part


PARTS, JOINED = WordParts(), JoinedWord()


def words_of(text: str) -> list[str]:
    """The words of a text that is folded already: letters, digits, and the marks on them."""
    return text.translate(PARTS).split()


def unspaced(text: str) -> str:
    """A folded text with nothing between the letters of one phrase."""
    return text.translate(JOINED)


def as_written(text: str) -> str:
    """In lower case and composed, but no letter taken for another."""
    if text.isascii():
        return " ".join(text.lower().split())
    shown = INVISIBLE.sub("", text).casefold()
    return " ".join(normalized("NFC", shown).split())


def without_accents(word: str) -> str:
    if word.isascii():
        return word
    return _remembered(word) if len(word) <= MAX_REMEMBERED_LETTERS else fold(word)


_remembered = lru_cache(maxsize=4096)(fold)


def unveiled(word: str) -> str:
    """The word without its accents where they are a disguise: `cásínó`, but not `año`."""
    plain = without_accents(word)
    if plain == word or len(plain) != len(word):
        return word
    changed = sum(map(str.__ne__, plain, word))
    return plain if changed >= DISGUISE and changed * 2 >= len(word) else word


def narrow(entry: str) -> str:
    """Letters of full width are a way of typing, unless they stand among others."""
    return entry if NARROW.search(entry) else entry.translate(FULL_WIDTH)


def imitates_latin(written: str, folded: str) -> bool:
    """Whether folding made Latin letters of what looks like them: "in" with a Cyrillic i."""
    return _latin(folded) > _latin(written)


def _latin(text: str) -> int:
    return sum(letter.isascii() and letter.isalpha() for letter in text)
