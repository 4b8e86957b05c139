"""The words that a Korean or Semitic word may be a form of.

Korean puts particles behind a noun, and which one stands after which sound is fixed; Arabic and
Hebrew put article, preposition and "and" before it. Only what makes no other word is read so: the
longer a word, the more may stand at it.
"""

from collections.abc import Iterator

CONSONANT, VOWEL, ANY = "consonant", "vowel", "any"
PARTICLES = {
    "은": CONSONANT, "는": VOWEL, "이": CONSONANT, "가": VOWEL, "을": CONSONANT, "를": VOWEL,
    "와": VOWEL, "으로": CONSONANT, "에": ANY, "에서": ANY, "에게": ANY, "의": ANY, "부터": ANY,
    "까지": ANY, "처럼": ANY, "보다": ANY, "들": ANY, "들은": ANY, "들이": ANY, "들을": ANY,
    "이다": CONSONANT, "입니다": ANY, "에는": ANY, "에서는": ANY, "이나": CONSONANT,
}  # fmt: skip
SHORT_PARTICLES = {"도": ANY, "만": ANY, "과": CONSONANT, "로": VOWEL, "나": VOWEL, "요": ANY}
FEWEST_SYLLABLES, MANY_SYLLABLES = 2, 3  # of what a particle, or one that is a noun too, stands at
LONGEST_PARTICLE = 3
ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
BEFORE_ARABIC = ("و", "ف", "ب", "ك", "ل")
BEFORE_HEBREW = ("\u05d5\u05d4", "ה", "\u05d5", "ב", "ל", "מ", "ש", "כ")
FEWEST_LETTERS, MANY_LETTERS = 3, 4  # of what an article, or a single letter, stands at
FINAL_SOUNDS = 28  # of a syllable, with none among them


def stems(word: str) -> Iterator[str]:
    """The words that it may be a form of, without itself."""
    first = word[0]
    if "\uac00" <= first <= "\ud7a3":
        yield from _without_particle(word)
    elif "\u0590" <= first <= "\u06ff":
        yield from _without_prefix(word, first)


def _without_particle(word: str) -> Iterator[str]:
    for length in range(1, min(LONGEST_PARTICLE, len(word) - FEWEST_SYLLABLES) + 1):
        stem, particle = word[:-length], word[-length:]
        after = PARTICLES.get(particle)
        if after is None and len(stem) >= MANY_SYLLABLES:
            after = SHORT_PARTICLES.get(particle)
        if after is not None and after in (ANY, _sound(stem[-1])):
            yield stem


def _sound(syllable: str) -> str:
    """Whether the syllable ends with a consonant or a vowel."""
    return CONSONANT if (ord(syllable) - 0xAC00) % FINAL_SOUNDS else VOWEL


def _without_prefix(word: str, first: str) -> Iterator[str]:
    is_arabic = first >= "\u0600"
    for article in ARTICLES if is_arabic else ():
        if word.startswith(article) and len(word) - len(article) >= FEWEST_LETTERS:
            yield word[len(article) :]
    for before in BEFORE_ARABIC if is_arabic else BEFORE_HEBREW:
        if word.startswith(before) and len(word) - len(before) >= MANY_LETTERS:
            yield word[len(before) :]
