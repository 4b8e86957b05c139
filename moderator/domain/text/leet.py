"""Digits in the place of letters ("v14gr4 0nl1n3"), put back where much of a text is written so.

A few such words are nicknames, models, versions, or how the young write.
"""

import re

FEWEST = 4  # words with a digit between letters
MIN_SHARE = 3  # one word of so many
BEFORE = re.compile(r"[013457$](?=[A-Za-z])")
BETWEEN = re.compile(r"(?<=[A-Za-z])[013457$]{1,3}(?=[A-Za-z])")
LETTERS = str.maketrans("013457$", "oieasts")


def spelled(text: str) -> str:
    """The text with its letters; the very same one where no digits pass for any."""
    if len(BEFORE.findall(text)) < FEWEST:
        return text  # most texts, far sooner than by words
    words = text.split(" ")
    mixed = sum(1 for word in words if BETWEEN.search(word))
    if mixed < FEWEST or mixed * MIN_SHARE < len(words):
        return text
    return " ".join(word.translate(LETTERS) if _has_letters(word) else word for word in words)


def _has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))
