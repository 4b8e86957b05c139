"""Languages as a blog declares them (BCP 47: `de`, `pt-BR`)."""

import re

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
