"""Languages: as a blog declares them (BCP 47: `de`, `pt-BR`), and as a text turns out to be in.

A site's own languages are those that it declares, those of its posts, and what people approved:
APPROVED of the latest comments, that make SHARE of them.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

TAG = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{1,8}){0,7}")
# ISO 639-1, all that have two letters: a country's letters (jp, cz, gr) are none.
ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy"
    " da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu"
    " hy hz ia id ie ig ii ik in io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw"
    " ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny"
    " oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss"
    " st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za"
    " zh zu"
)
TWO_LETTERS = frozenset(ISO_639_1.split())


def read_language(text: str) -> str:
    """A language as it is kept: `de_DE` is `de-DE`. Raises ValueError."""
    if not TAG.fullmatch(text):
        raise ValueError("is no language such as en or pt-BR")
    first, *others = text.replace("_", "-").split("-")
    if len(first) == len("de") and first.lower() not in TWO_LETTERS:
        raise ValueError("is no language of ISO 639-1")
    return "-".join((first.lower(), *others))


LATEST = 60  # approved submissions that are looked at
APPROVED = 3
SHARE = 0.1

APART = re.compile("[-_.@]")  # a language from what follows it in a tag or a locale

# One language under several codes: old ones, and those of variants that are written alike.
SAME = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "nn": "no"} | {
    "sh": "sr", "cmn": "zh", "yue": "zh", "wuu": "zh", "fil": "tl"
}  # fmt: skip
# Languages whose readers also write in the other, or that nobody can tell apart in a short comment.
# `Hani` is the script of a few ideographs.
KIN = (
    ("af", "nl"), ("be", "ru", "uk"), ("bg", "mk"), ("bs", "hr", "sr"), ("ca", "es"), ("co", "it"),
    ("cs", "sk"), ("da", "no", "sv"), ("es", "gl"), ("fr", "oc"), ("gl", "pt"),
    ("hi", "mr", "ne"), ("id", "jv", "ms", "su"), ("Hani", "ja"), ("Hani", "zh"),
)  # fmt: skip


# Scripts (ISO 15924) that several languages are written in, or that stand beside Latin words: brief
# and mixed texts may be in any of these.
SCRIPTS = {
    script: frozenset(codes.split())
    for script, codes in {
        "Arab": "ar az fa ku ps sd ug ur", "Armn": "hy", "Beng": "as bn",
        "Cyrl": "ab av ba be bg ce cv kk ky mk mn os ru sr tg tt uk uz", "Deva": "bh hi mr ne sa",
        "Ethi": "am ti", "Geor": "ka", "Grek": "el", "Gujr": "gu", "Guru": "pa", "Hang": "ko",
        "Hani": "ja zh", "Hebr": "he yi", "Kana": "ja", "Khmr": "km", "Knda": "kn", "Laoo": "lo",
        "Mlym": "ml", "Mymr": "my", "Orya": "or", "Sinh": "si", "Taml": "ta", "Telu": "te",
        "Thai": "th", "Tibt": "bo dz",
    }.items()
}  # fmt: skip

LATIN_LETTERS = "Latn"
# Where the letters of each begin; None is what nobody shares with others.
BLOCKS: tuple[tuple[int, str | None], ...] = (
    (0x00, LATIN_LETTERS), (0x250, None), (0x370, "Grek"), (0x400, "Cyrl"), (0x531, "Armn"),
    (0x590, "Hebr"), (0x600, "Arab"), (0x700, None), (0x750, "Arab"), (0x780, None),
    (0x8A0, "Arab"), (0x900, "Deva"), (0x980, "Beng"), (0xA00, "Guru"), (0xA80, "Gujr"),
    (0xB00, "Orya"), (0xB80, "Taml"), (0xC00, "Telu"), (0xC80, "Knda"), (0xD00, "Mlym"),
    (0xD80, "Sinh"), (0xE00, "Thai"), (0xE80, "Laoo"), (0xF00, "Tibt"), (0x1000, "Mymr"),
    (0x10A0, "Geor"), (0x1100, "Hang"), (0x1200, "Ethi"), (0x13A0, None), (0x1780, "Khmr"),
    (0x1800, None), (0x1C90, "Geor"), (0x1CC0, None), (0x1E00, LATIN_LETTERS), (0x1F00, "Grek"),
    (0x2000, None), (0x3041, "Kana"), (0x3100, None), (0x3130, "Hang"), (0x3190, None),
    (0x31F0, "Kana"), (0x3200, None), (0x3400, "Hani"), (0x4DC0, None), (0x4E00, "Hani"),
    (0xA000, None), (0xAC00, "Hang"), (0xD7B0, None), (0xF900, "Hani"), (0xFB00, None),
    (0xFB1D, "Hebr"), (0xFB50, "Arab"), (0xFE00, None), (0xFE70, "Arab"), (0xFEFF, None),
    (0xFF66, "Kana"), (0xFFA0, None), (0x20000, "Hani"), (0x33480, None),
)  # fmt: skip
OTHER_LETTERS = re.compile("[\u0370-\u1dff\u1f00-\u1fff\u2e80-\uffdc\U00020000-\U0003347f]")
STARTS = [start for start, _ in BLOCKS]
SYLLABLES = frozenset({"Hang", "Hani", "Kana"})
LETTERS_OF_SYLLABLE = 3  # of another script that say as much as one of these
MIN_SHARE = 3  # one of so many letters is enough: words of programs stand between

# Brief texts in the Latin script may be in any language that is written in it; these are not.
OTHER = (
    "ab am ar as av ba be bg bh bn bo ce cv dv dz el fa gu he hi hy iu ja ka kk km kn ko kv ky lo"
    " mk ml mn mr my ne or os pa ps ru sa sd si ta te tg th ti tt ug uk ur yi zh Hani und"
)
OTHER_SCRIPTS = frozenset(OTHER.split())


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is in: the codes of what makes up much of it, the largest part first.

    No code: there is too little text to tell. `is_sure` is False where a code is but a guess.
    """

    codes: tuple[str, ...] = ()
    is_sure: bool = True

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else ""


UNTOLD = Language()
NAMELESS = Language(("und",))  # enough text, but in no language that anybody knows


@lru_cache(maxsize=1024)
def code_of(tag: str) -> str:
    """The language of a tag or a locale: `pt` of `pt-BR` and of `pt_BR.UTF-8`, '' of none."""
    first = APART.split(tag, maxsplit=1)[0].strip().lower()
    return SAME.get(first, first)


def codes_of(tags: Iterable[str]) -> frozenset[str]:
    return frozenset(code for tag in tags if (code := code_of(tag)))


def is_own(language: Language, own: frozenset[str]) -> bool:
    """Whether a text is in one of these languages, or in one that its readers write as well."""
    script = language.codes[-1] if language.codes else ""
    if script == LATIN_LETTERS and own - OTHER_SCRIPTS:
        return True
    if not own.isdisjoint(SCRIPTS.get(script, ())):
        return True
    return any(not own.isdisjoint(_kin_of(code)) for code in language.codes)


def script_of(text: str) -> str:
    """The script, other than the Latin, that much of a text is written in; '' for none."""
    if OTHER_LETTERS.search(text) is None:
        return ""
    letters = Counter(map(_script, filter(str.isalpha, text)))
    weights = {
        script: count * (LETTERS_OF_SYLLABLE if script in SYLLABLES else 1)
        for script, count in letters.items()
    }
    if "Kana" in weights and "Hani" in weights:
        weights["Kana"] += weights.pop("Hani")
    others = {script: weight for script, weight in weights.items() if script in SCRIPTS}
    if not others:
        return ""
    script = max(others, key=others.__getitem__)
    return script if others[script] * MIN_SHARE >= sum(weights.values()) else ""


@lru_cache(maxsize=8192)
def _script(letter: str) -> str | None:
    return BLOCKS[bisect_right(STARTS, ord(letter)) - 1][1]


@lru_cache(maxsize=256)
def _kin_of(code: str) -> frozenset[str]:
    """The language itself and those whose readers also write in it."""
    return frozenset({code}.union(*(group for group in KIN if code in group)))


def spoken(approved: Sequence[tuple[Language, bool]]) -> frozenset[str]:
    """The languages that people's approvals show to be a site's.

    Each is what an approved text is in, and whether a person approved it: the service cannot talk
    itself into a language, but what it approved shows how much of the whole the others are.
    """
    told = [(language.code, by_person) for language, by_person in approved if language.is_sure]
    all_of = Counter(code for code, _ in told if code)
    by_people = Counter(code for code, by_person in told if code and by_person)
    least = SHARE * all_of.total()
    return frozenset(
        code
        for code, number in by_people.items()
        if number >= APPROVED and all_of[code] >= least and code != NAMELESS.code
    )
