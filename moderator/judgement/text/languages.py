"""What language a text is in, by CLD2 (Compact Language Detector 2, pycld2).

Fast, and sure of itself even where it reads ten words; it says so where it is not, and then its
guess is a guess. What it knows of the text are letters: links must be left out before.
"""

import re
from dataclasses import replace

import pycld2

from moderator.domain.text.fold import INVISIBLE, fold, undressed
from moderator.domain.text.languages import (
    LATIN_LETTERS,
    NAMELESS,
    UNTOLD,
    Language,
    code_of,
    script_of,
)
from moderator.domain.text.leet import spelled
from moderator.domain.text.random_letters import is_random

# The shared model learned these from what people wrote; of others it knows a few phrases only.
LEARNED = frozenset({"de", "en"})

BEGINNING, HEAD = 240, 600  # characters that are looked at: more where the first say little
MIN_LETTERS = 15  # letters; fewer are in no language, but in other scripts than the Latin
BRIEF_LETTERS = 40  # letters; what the detector says of fewer in the Latin script is often wrong
BRIEF_LETTERS_OF_SCRIPT = 100  # the same in other scripts: Slavic languages look alike for longer
MIN_PERCENT = 40  # per cent of a text
MIN_DETECTOR_SCORE = 200.0  # below it random letters are, too; usual is 1,000
LEAST_DETECTOR_SCORE = 100.0  # of what is no random letters
UNKNOWN = "un"
# The detector takes no control characters and nothing that is no character.
REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]"
    f"|[{''.join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))}]"
)
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
VOWEL = re.compile("[aeiouy]")
MIN_VOWELS = 0.15  # of the letters of a text that is spoken
KANA = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
PLAYED = frozenset({"zzb", "zze", "zzh", "zzp"})  # Pig Latin and its like: "Congratulations!"
FILLED = frozenset({"km", "ko", "mn"})  # scripts that have letters which are drawn as nothing
IDEOGRAPHS = frozenset({"ja", "zh"})
IDEOGRAPHIC = Language(("Hani",))
# Letters that stand alone in scripts that write words: C H E A P.
ALONE = re.compile("(?<![^\\W_])[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff](?![^\\W_])")


Answer = tuple[bool, int, tuple[tuple[str, str, int, float], ...]]


def is_read(language: Language) -> bool:
    """Whether the shared model can judge it; where no language can be told it tries.

    Of a text that mixes two the larger part decides: of the other it would hear noise.
    """
    return not language.codes or language.code in LEARNED


def language_of(prose: str) -> Language:
    """The language of a plain text without links; see Language."""
    language = _of_head(spelled(prose[:BEGINNING]))
    if len(prose) <= BEGINNING or is_read(language):
        return language
    return _of_head(spelled(prose[:HEAD]))


def _of_head(head: str) -> Language:
    script = script_of(head[:BRIEF_LETTERS_OF_SCRIPT])
    if (
        len(head) < BRIEF_LETTERS
        and not script
        and LATIN.search(head)
        and sum(map(str.isalpha, head)) < MIN_LETTERS
    ):
        return UNTOLD  # whatever the detector says
    found = _detected(head)
    if found and found.code in FILLED and (bare := INVISIBLE.sub("", head)) != head:
        return _of_head(bare)
    letters = sum(map(str.isalpha, head)) if len(head) < 4 * BRIEF_LETTERS or not found else HEAD
    if letters < MIN_LETTERS:
        return _of_few(head, found, script)
    told = found or _guessed(head, letters)
    brief = BRIEF_LETTERS_OF_SCRIPT if script else BRIEF_LETTERS
    if letters < brief and not is_read(told):
        return _of_brief(head, told, script)
    return told


def _of_brief(head: str, told: Language, script: str) -> Language:
    """Of a line, of which the detector may be wrong: any language of its script."""
    if script:
        return told if script in told.codes else replace(told, codes=(*told.codes, script))
    if told == NAMELESS or not LATIN.search(head) or is_random(fold(head)):
        return told
    return UNTOLD if told.code in PLAYED else replace(told, codes=(*told.codes, LATIN_LETTERS))


def _of_few(head: str, found: Language | None, script: str) -> Language:
    """Of a few letters their script tells most."""
    if not script and LATIN.search(head):
        return UNTOLD
    found = found or _detected(head, guess=True) or UNTOLD
    if found.code in IDEOGRAPHS and not KANA.search(head):
        return IDEOGRAPHIC
    return replace(found, codes=(*found.codes, script)) if script else found


def _guessed(head: str, letters: int) -> Language:
    """Of a text that the detector is not sure of as it stands."""
    head = undressed(head)
    if 2 * sum(1 for _ in ALONE.finditer(head)) > letters:
        return NAMELESS
    told = _detected(head)
    if told:
        return told
    guess = _detected(head, guess=True, least=LEAST_DETECTOR_SCORE) or UNTOLD
    if script := script_of(head):
        return Language((*guess.codes, script), is_sure=False)
    if guess.codes and _detected(head, guess=True):
        return guess
    return NAMELESS if _is_unspoken(fold(head)) else guess


def _is_unspoken(folded: str) -> bool:
    """Of Latin letters: whether they stand beside each other as in no language."""
    letters = sum(map(str.isalpha, folded))
    return is_random(folded) or MIN_VOWELS * letters > len(VOWEL.findall(folded))


def _detected(
    head: str, *, guess: bool = False, least: float = MIN_DETECTOR_SCORE
) -> Language | None:
    """None where the detector names nothing, or guesses at it with a lower score than the least."""
    is_reliable, _, parts = _asked(head, guess=guess)
    (_, first, _, score), (_, second, share, _), _ = parts
    if not is_reliable or first == UNKNOWN or (guess and score < least):
        return None
    codes = (first, second) if share >= MIN_PERCENT and second != UNKNOWN else (first,)
    return Language(tuple(map(code_of, codes)), is_sure=not guess)


def _asked(head: str, *, guess: bool) -> Answer:
    try:
        answer: Answer = pycld2.detect(head.encode(errors="replace"), bestEffort=guess)
    except pycld2.error:  # rare, and dearer to look for than to repeat
        answer = pycld2.detect(REFUSED.sub(" ", head).encode(), bestEffort=guess)
    return answer
