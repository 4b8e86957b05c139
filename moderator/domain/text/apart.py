"""Letters that are kept apart, so that no program reads the word: put together as people read them.

A run is six and more letters, each alone between other characters (spaces, dots, emoji, brackets).
Where some gaps of a run are longer than its shortest, words end there. Letters of flags that make
no flag count as letters; what is turned round, to be drawn the other way, is read as it is drawn.
Honest texts spell a word or an abbreviation so, never whole sentences.
"""

import re

LETTER = "[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\uff21-\uff5a\U0001d400-\U0001d7cb]"
ALONE = r"(?<![^\W_])", r"(?![^\W_])"
GAP = r"[\W_]{1,6}+"
FEWEST = 6
RUN = re.compile(rf"{ALONE[0]}{LETTER}(?:{GAP}{LETTER}{ALONE[1]}){{{FEWEST - 1},}}")
GAPS = re.compile(rf"({GAP})")
# Letters and digits as one, all else as a space: a lone letter is drawn " a ", and shares spaces.
DRAWN = bytes(ord("a") if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)
FIRST_FLAG = 0x1F1E6
FLAGS = re.compile(r"[\U0001f1e6-\U0001f1ff]+")
# What `LETTER` does not know by itself: "⒝⒰⒴" is a letter in brackets, each in one character.
BRACKETED = {base + i: f"({chr(97 + i)})" for base in (0x249C, 0x1F110) for i in range(26)}
IN_ONE = re.compile("[\u249c-\u24b5\U0001f110-\U0001f129]")
# Written backwards, to be drawn forwards: from an override to where it ends.
TURNED = re.compile("\u202e([^\n\u202a-\u202e\u2066-\u2069]*)")
EITHER = re.compile("[\u202e\u249c-\u24b5\U0001f110-\U0001f129\U0001f1e6-\U0001f1ff]")


def together(text: str) -> str:
    """The text with such letters put together; the very same one where there are none."""
    if not text.isascii():
        text = _spelled(text)
    elif text.encode().translate(DRAWN).count(b" a ") < FEWEST // 3:
        return text  # ten times faster than to look
    return RUN.sub(_word, text)


def _spelled(text: str) -> str:
    """Letters of flags, in brackets and turned round as letters."""
    if not EITHER.search(text):
        return text
    if "\u202e" in text:
        text = TURNED.sub(lambda turned: turned[1][::-1], text)
    if IN_ONE.search(text):
        text = text.translate(BRACKETED)
    runs = FLAGS.findall(text)
    if any(len(run) % 2 for run in runs):  # two letters make a flag
        text = FLAGS.sub(lambda run: "".join(chr(ord(c) - FIRST_FLAG + 97) for c in run[0]), text)
    return text


def _word(run: re.Match[str]) -> str:
    letters_and_gaps = GAPS.split(run[0])
    gaps = letters_and_gaps[1::2]
    shortest = min(map(len, gaps))
    ends = ["" if len(gap) == shortest else " " for gap in gaps]
    return "".join(map("".join, zip(letters_and_gaps[::2], [*ends, ""], strict=True)))
