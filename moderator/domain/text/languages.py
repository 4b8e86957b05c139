"""Languages: as a blog declares them (BCP 47: `de`, `pt-BR`), and as a text turns out to be in.

A site's own languages are those that it declares, those of its posts, and what people approved:
APPROVED of the latest comments, that make SHARE of them.
"""

import re
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


# Brief texts in the Latin script may be in any language that is written in it; these are not.
LATIN_LETTERS = "Latn"
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
    if language.codes[-1:] == (LATIN_LETTERS,) and own - OTHER_SCRIPTS:
        return True
    return any(not own.isdisjoint(_kin_of(code)) for code in language.codes)


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
