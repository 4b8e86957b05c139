"""Reads entries that name words, signs or telephone numbers."""

import re
import unicodedata

from moderator.domain.lists.entry import Entry, EntryKind, refused, silent
from moderator.domain.lists.spelling import as_written, imitates_latin, narrow, unspaced, words_of
from moderator.domain.text.fold import fold_case

MAX_WORDS = 40  # of a phrase
FEWEST_DIGITS, MOST_DIGITS = 7, 30  # of a telephone number, or that of an account
FEWEST = 2  # letters of a word that says something
FEWEST_PHONETIC = 3  # letters of a word in an alphabet that puts no spaces
# Signs count as they are typed, but for quotes around it all, commas and apostrophes within.
QUOTES = (
    *('""', "''", "\u201c\u201d", "\u201d\u201d", "\u201e\u201c", "\u201e\u201d"),
    *("\u2018\u2019", "\u201a\u2018", "\u00ab\u00bb", "\u00bb\u00ab", "\u300c\u300d"),
)
JOINING = re.compile("(?<=\\w)(?:['\u2019]|, )(?=\\w)")
OF_ADDRESSES = frozenset({"http", "https", "www"})
PHONE = re.compile(r"(?:tel:)?\+?[\d\s().,/-]+")
NO_DIGITS = re.compile(r"\D+")
FLAGS = frozenset("gimsuxy")  # behind a pattern between slashes
OF_PATTERNS = re.compile(r"\\[a-zA-Z.\\/]|\.[*+]|\||\(\?|\[\w{1,9}-\w|[)\]][*+?{]|\^\w|\w\$\Z")
WILD = re.compile(r"\A%[^\W\d]|[^\W\d]%\Z|[^\W\d]\?[^\W\d]")  # `casino%`, `c?sino`
MARKUP = re.compile(r"</?[a-zA-Z]")
MANY = re.compile(r"[;\n\t]|[^\d\s],[^\d\s]|,[^,]*,|,$")
HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KATAKANA = re.compile("[\u30a0-\u30ff]+")


def number(entry: str) -> Entry | None:
    """A telephone number, compared by its digits."""
    if not PHONE.fullmatch(entry):
        return None
    digits = digits_of(entry.replace("(0)", ""))
    if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return Entry(entry, EntryKind.NUMBER, digits, f"the number {digits}, however it is grouped")
    if "+" in entry:
        raise refused(entry, f"a telephone number has {FEWEST_DIGITS} to {MOST_DIGITS} digits")
    return None


def digits_of(written: str) -> str:
    """The digits of any script, as ASCII."""
    digits = NO_DIGITS.sub("", written)
    return digits if digits.isascii() else "".join(str(unicodedata.digit(d)) for d in digits)


def pattern(entry: str) -> Entry | None:
    """Raises InvalidError for what is written for another program: patterns, markup, lists."""
    front, _, flags = entry.rpartition("/")
    is_enclosed = entry[0] == "/" and len(front) > 1 and FLAGS.issuperset(flags)
    if is_enclosed or OF_PATTERNS.search(entry):
        raise refused(entry, "patterns are not read; name each word, host or address by itself")
    if MARKUP.search(entry):
        raise silent(entry, "markup is gone before words are looked for")
    if WILD.search(entry):
        raise refused(entry, "only a star stands for any letters, at an end of a word")
    if MANY.search(entry):
        raise refused(entry, "it looks like several; each entry stands by itself")
    return None


def starred(entry: str) -> Entry | None:
    """A word with a star before or behind it, for whatever letters are there."""
    if "*" not in entry:
        return None
    core = entry.strip("*")
    word = fold_case(core)
    words = words_of(word)
    if not words:
        raise silent(entry, "there are no letters beside the star")
    if words != [word]:
        raise refused(entry, "a star stands at an end of one word, for any letters")
    if imitates_latin(as_written(core), word):
        raise refused(entry, "letters of another script and a star do not go together")
    if is_unspaced(word):
        return Entry(entry, EntryKind.UNSPACED, word, f"{word!r} anywhere")
    if len(word) < FEWEST:
        raise refused(entry, "it would name nearly every text")
    return _starred(entry, word)


def _starred(entry: str, word: str) -> Entry:
    if not entry.startswith("*"):
        return Entry(entry, EntryKind.BEGINNING, word, f"words that begin with {word!r}")
    if not entry.endswith("*"):
        return Entry(entry, EntryKind.ENDING, word, f"words that end with {word!r}")
    return Entry(entry, EntryKind.INSIDE, word, f"{word!r} anywhere, inside of words too")


def plainly(entry: str) -> Entry | None:
    """The most of what people list, read fast: words in plain letters."""
    words = entry.lower().split()
    is_plain = entry.isascii() and all(map(str.isalpha, words)) and not OF_ADDRESSES & set(words)
    if not is_plain or len(entry) < FEWEST or len(words) > MAX_WORDS:
        return None
    return _of_words(entry, words)


def wording(entry: str) -> Entry:
    """Words in a row; with signs that a sentence does not have, these very signs.

    Raises InvalidError for what could match nothing, or nearly everything.
    """
    narrowed = narrow(entry)
    folded, written = fold_case(narrowed), as_written(narrowed)
    words = words_of(folded)
    if imitates_latin(written, folded):
        return _as_written(entry, written)
    if words and all(word in OF_ADDRESSES for word in words):
        raise silent(entry, "it is no word but how addresses begin; links are judged by themselves")
    if not words or _has_signs(_unquoted(folded)):
        return _signs(entry, folded)
    if is_unspaced("".join(words)):
        return _unspaced(entry, unspaced("".join(words)))
    if sum(map(len, words)) < FEWEST and not is_hangul(words[0]):
        raise refused(entry, "one letter would be everywhere")
    if len(words) > MAX_WORDS:
        raise refused(entry, f"a phrase has at most {MAX_WORDS} words")
    return _of_words(entry, words)


def _of_words(entry: str, words: list[str]) -> Entry:
    what = "the word" if len(words) == 1 else "the words"
    return Entry(entry, EntryKind.WORDS, " ".join(words), f"{what} {' '.join(words)!r}")


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > FEWEST and text[0] + text[-1] in QUOTES else text


def is_hangul(word: str) -> bool:
    """Whether it begins with a Korean syllable: one may be a word."""
    return "\uac00" <= word[:1] <= "\ud7a3"


def is_unspaced(word: str) -> bool:
    """Whether a script is in it that puts no spaces between words."""
    return any(_is_unspaced(letter) for letter in word)


def _is_unspaced(letter: str) -> bool:
    """From Thai to Myanmar, Khmer, kana and ideographs; Hangul, between them, has spaces."""
    return (
        "\u0e00" <= letter <= "\u109f"
        or "\u1780" <= letter <= "\u17ff"
        or "\u3040" <= letter <= "\u30ff"
        or HAN.match(letter) is not None
    )


def _as_written(entry: str, written: str) -> Entry:
    """Letters that pass for others: that spelling, and no other."""
    words = words_of(written)
    if sum(map(len, words)) >= FEWEST and not _has_signs(_unquoted(written)):
        meaning = f"the spelling {' '.join(words)!r}, with just these letters"
        return Entry(entry, EntryKind.SPELLING, " ".join(words), meaning)
    if words and len(written) < FEWEST:
        raise refused(entry, "one letter would be everywhere")
    return Entry(entry, EntryKind.SIGNS, written, f"just {written!r}")


def _has_signs(text: str) -> bool:
    """Whether signs belong to it: `c++`, `node.js`, `--and`, `#tag`; not those of `don't`."""
    return any(
        not letter.isalnum() and letter != " " and unicodedata.category(letter)[0] != "M"
        for letter in JOINING.sub(" ", text)
    )


def _signs(entry: str, signs: str) -> Entry:
    if not signs:
        raise silent(entry, "nothing in it is ever drawn")
    if not words_of(signs) and signs.isascii() and not set(signs) & set("$%#@&=<>^~|\\"):
        raise refused(entry, "punctuation alone would be everywhere")
    if len(signs) < FEWEST and unicodedata.category(signs)[0] == "P":
        raise refused(entry, "punctuation alone would be everywhere")
    return Entry(entry, EntryKind.SIGNS, signs, f"just {signs!r}")


def _unspaced(entry: str, word: str) -> Entry:
    """Where no space tells a word's end, what is too short stands inside of other words."""
    is_han = HAN.search(word) is not None
    is_short_kana = KATAKANA.fullmatch(word) is not None and len(word) == FEWEST
    if len(word) < (FEWEST if is_han or is_short_kana else FEWEST_PHONETIC):
        raise refused(
            entry,
            f"so short it stands inside of other words; *{word}* names it wherever it stands",
        )
    return Entry(entry, EntryKind.UNSPACED, word, f"{word!r} anywhere")
