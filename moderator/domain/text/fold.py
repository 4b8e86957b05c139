"""Folds text so that what looks the same to a reader is the same to us.

The text is plain already (no markup, no entities). In this order: invisible characters go;
compatibility forms are resolved (NFKD: full-width, maths alphabets, circled letters); accents go;
look-alike letters become Latin in Latin words and Cyrillic in Cyrillic words (the idea of Unicode
UTS 39); lower case; composed again (NFKC); one space between words.

Linear in the length of the text: runs of marks are capped before anything sorts them, and there are
at most PASSES passes.
"""

import re
import unicodedata
from collections.abc import Mapping

from moderator.domain.text.marks import normalized

# Zero-width and bidi controls, soft hyphen, variation selectors, tags: drawn as nothing.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]+"
)
# Marks piled onto Latin, Greek and Cyrillic letters; Indic and Hebrew vowel signs stay.
MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile("[A-Za-z]")
FOREIGN = re.compile("[\u0370-\u052f\u0531-\u0587\u13a0-\u13ff]")
FOREIGN_LETTERS = frozenset(filter(FOREIGN.match, map(chr, range(0x370, 0x1400))))


def _pairs(drawn: str) -> dict[int, str]:
    """Read pairs: each look-alike with the letter it stands for."""
    return {ord(pair[0]): pair[1] for pair in drawn.split()}


# Forms of Latin letters in any text: small capitals, phonetic letters, strokes, squared capitals.
STYLED = _pairs(
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"
    " ɑa ɡg ıi ȷj ƒf ɩi ɫl łl ŁL øo ØO đd ĐD ħh ĦH"
) | {base + i: chr(ord("a") + i) for base in (0x1F150, 0x1F170) for i in range(26)}
SQUARED = "\U0001f150-\U0001f169\U0001f170-\U0001f189"  # as ranges: letter by letter is slow
STYLED_SEEN = re.compile(f"[{''.join(chr(c) for c in STYLED if c < ord(SQUARED[0]))}{SQUARED}]")

# Look-alikes that no reader tells apart, whatever stands around them ...
SAME = _pairs(
    "аa еe оo рp сc уy хx іi јj ѕs ԁd һh ӏl ԛq ԝw ѵv"
    " АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ҺH ӀL ԚQ ԜW ѴV ԀD"
    " οo αa νv ρp ιi κk υu ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX"
    " օo հh ոn սu ցg ՕO ՍU ՏS ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎥI ᎫJ ᏦK ᏞL ᎷM ᏢP ᎡR ᏚS ᎢT ᏙV ᏃZ"
)
# ... and those that pass only inside a word that has Latin letters too.
CLOSE = SAME | _pairs("кk тt мm вb нh ьb εe ηn τt χx ωw σo βb γy λl πn δd")
PASSES = 6  # three have been seen
SHORT_TEXT_CHARACTERS = 2_000  # characters up to which a text is translated letter by letter
# Characters that decompose into whole sentences: a text gets so many of them, and no eighteen times
# its length.
SENTENCES = "\ufdfa\ufdfb"
MOST_SENTENCES = 100
CYRILLIC = range(0x400, 0x460)
LATIN_TO_CYRILLIC = {
    ord(latin): chr(code)
    for code, latin in SAME.items()
    if code in CYRILLIC and chr(code).lower().translate(SAME) == latin.lower()
}
# Letters of their own in some language, as much as those with accents are.
STROKED = frozenset(map(ord, "ıłŁøØđĐħĦ"))
UNSTROKED = {code: letter for code, letter in STYLED.items() if code not in STROKED}


def fold(text: str) -> str:
    """Return `text` folded for comparison: lower case, one space between words, no ends."""
    if text.isascii():
        return _fold_ascii(text)
    return _fold(text)


def fold_case(text: str) -> str:
    """As `fold`, but letters keep the accents and strokes of their language: año is not ano.

    Marks that make no letter with what they stand on go, as in `fold`.
    """
    if text.isascii():
        return _fold_ascii(text)
    for _ in range(PASSES):
        folded = _fold_case_once(text)
        if folded == text:
            break
        text = folded
    return text


def _fold_case_once(text: str) -> str:
    folded = MARKS.sub("", normalized("NFKC", _spelled(INVISIBLE.sub("", text))))
    if not folded.isascii():
        folded = _unmasked(folded, UNSTROKED)
    folded = normalized("NFKC", folded.casefold())
    return " ".join(MARKS.sub("", INVISIBLE.sub("", folded)).split())


def undressed(text: str) -> str:
    """Return `text` as a reader reads it: letters in disguise and in decoration are plain.

    Accents and case stay: an accent that is no part of its letter is none of a language's.
    """
    if text.isascii():
        return text
    return _unmasked(MARKS.sub("", normalized("NFKC", INVISIBLE.sub("", text))))


def _fold_ascii(text: str) -> str:
    return " ".join(text.lower().split())


def _fold(text: str) -> str:
    for _ in range(PASSES):  # folding case may join what looked apart
        folded = _fold_once(text)
        if folded.isascii():
            return _fold_ascii(folded)
        if folded == text:
            break
        text = folded
    return text


def _fold_once(text: str) -> str:
    folded = MARKS.sub("", normalized("NFKD", _spelled(INVISIBLE.sub("", text))))
    if not folded.isascii():
        folded = _unmasked(folded)
    if folded.isascii():
        return _fold_ascii(folded)
    folded = normalized("NFKC", folded.casefold())
    return " ".join(INVISIBLE.sub("", folded).split())


def _spelled(text: str) -> str:
    for sentence in SENTENCES:
        if sentence in text:
            spelled = unicodedata.normalize("NFKD", sentence)
            text = text.replace(sentence, spelled, MOST_SENTENCES).replace(sentence, " ")
    return text


def _unmasked(text: str, styled: Mapping[int, str] = STYLED) -> str:
    """Put look-alike letters back into the script of the word they hide in."""
    if STYLED_SEEN.search(text):
        text = _translated(text, styled)
    if not FOREIGN.search(text) or not LATIN.search(text):
        return text
    if all(ord(letter) in SAME for letter in FOREIGN_LETTERS.intersection(text)):
        return _translated(text, SAME)
    return WORD.sub(_word, text)


def _translated(text: str, letters: Mapping[int, str]) -> str:
    """As str.translate, several times faster for a long text; no letter stands for another key."""
    if len(text) <= SHORT_TEXT_CHARACTERS:
        return text.translate(letters)
    for letter in set(text):
        if ord(letter) in letters:
            text = text.replace(letter, letters[ord(letter)])
    return text


def _word(match: re.Match[str]) -> str:
    word = match[0]
    foreign = FOREIGN_LETTERS.intersection(word)
    if not foreign:
        return word
    count = sum(map(FOREIGN_LETTERS.__contains__, word))
    if count == len(word):
        return word
    likeness = CLOSE if count * 2 <= len(word) else SAME
    if all(ord(letter) in likeness for letter in foreign):
        return _translated(word, likeness)
    return _translated(word, LATIN_TO_CYRILLIC)
