"""What a host name says about itself: whose it is, and whether it pretends to be another."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import ada_url
from publicsuffixlist import PublicSuffixList

from moderator.domain.text.fold import SAME
from moderator.domain.text.marks import normalized
from moderator.domain.urls.addresses import host_of
from moderator.domain.urls.parse import MAX_HOST
from moderator.domain.urls.user_hosts import user_of

# Pages that are nobody's own: search engines, portals, and walls that anybody may write on.
# fmt: off
PORTALS = frozenset((
    "aol.com", "ask.com", "baidu.com", "bing.com", "daum.net", "duckduckgo.com", "gmail.com",
    "gmx.de", "gmx.net", "google.com", "graph.org", "hotmail.com", "justpaste.it", "live.com",
    "mail.ru", "msn.com", "naver.com", "outlook.com", "paste.ee", "pastebin.com", "qq.com",
    "rambler.ru", "rentry.co", "seznam.cz", "sina.com.cn", "sohu.com", "t-online.de",
    "telegra.ph", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.com", "yandex.com", "yandex.ru",
    "163.com",
))
# fmt: on

DIGITS = str.maketrans("013", "ole")
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Writing systems that belong together in one word (UTS 39, "highly restrictive").
TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
MOST_LABELS = 5  # of a host name that are kept apart
FIRST_WORD = re.compile("[ -]")
MARK = re.compile("[\u0300-\u036f]+")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # the list ships with the package: no network


@cache
def _registries() -> PublicSuffixList:
    """Only what registries sell under: no host with users."""
    return PublicSuffixList(only_icann=True)


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """Whose an ASCII host name is: a registrable domain, or a user's name (user_hosts.py).

    It is the host itself for addresses, bare names and what is longer than a host can be: suffixes
    are looked for at every dot.
    """
    if len(host) > MAX_HOST or ":" in host or host.rpartition(".")[2].isdigit():
        return host
    return user_of(host) or _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=4096)
def operator_of(host: str) -> str:
    """The domain of who runs an ASCII host, however many users have names there."""
    if len(host) > MAX_HOST or ":" in host or host.rpartition(".")[2].isdigit():
        return host
    return _registries().privatesuffix(host) or host


def names_of(host: str) -> tuple[str, ...]:
    """The host and what is above it, down to two labels: one of them is its registrable domain.

    Whatever is kept for all of them is found by any list of suffixes, today's or tomorrow's.
    """
    if len(host) > MAX_HOST or ":" in host or host.rpartition(".")[2].isdigit():
        return (host,)
    labels = host.split(".")
    starts = range(max(0, len(labels) - MOST_LABELS), max(1, len(labels) - 1))
    return tuple(".".join(labels[start:]) for start in starts)


def is_under_known_top(host: str) -> bool:
    """Whether the name ends in a top-level domain that exists."""
    if len(host) > MAX_HOST:
        return False
    return _suffixes().publicsuffix(host, accept_unknown=False) is not None


def readable(host: str) -> str:
    """The host as a browser might show it: punycode decoded where it decodes."""
    if "xn--" not in host:
        return host
    try:
        return str(ada_url.idna_to_unicode(host.encode("ascii")))
    except ValueError:
        return host


def disguise(host: str, own_hosts: Iterable[str]) -> str:
    """How a host passes for another, as a clause; '' if it does not. `own_hosts` may have ports."""
    if "xn--" in host and mixes_scripts(host):
        return f"mixes scripts: {readable(host)}"
    if "xn--" in host and passes_for_latin(host):
        return f"passes for Latin: {readable(host)}"
    if any(imitates(host, host_of(own)) for own in own_hosts):
        return "imitates the blog's own"
    return ""


def mixes_scripts(host: str) -> bool:
    """Whether one label mixes writing systems that no language mixes (Cyrillic in Latin)."""
    return any(_mixes(label) for label in readable(host).split("."))


def passes_for_latin(host: str) -> bool:
    """Whether a label is written entirely in foreign letters that look Latin, under a Latin TLD."""
    *labels, top = readable(host).split(".")
    return top.isascii() and any(_passes(label) for label in labels)


def imitates(host: str, known: str) -> bool:
    """Whether `host` looks like `known` but is another: foreign letters, digits, `rn` for `m`."""
    return registrable(host) != registrable(known) and _drawn(host) == _drawn(known)


@lru_cache(maxsize=4096)
def _drawn(host: str) -> str:
    """What the eye sees of the registrable domain."""
    seen = readable(registrable(host))
    if not seen.isascii():
        seen = MARK.sub("", normalized("NFKD", seen.translate(SAME).casefold()))
    seen = seen.translate(DIGITS).replace("i", "l")
    for pair, letter in PAIRS:
        seen = seen.replace(pair, letter)
    return seen


def _passes(label: str) -> bool:
    letters = [letter for letter in label if letter.isalpha()]
    return (
        bool(letters)
        and not any(letter.isascii() for letter in letters)
        and "".join(letters).translate(SAME).isascii()
    )


def _mixes(label: str) -> bool:
    if label.isascii():
        return False
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not any(scripts <= family for family in TOGETHER)


def _script(letter: str) -> str:
    """The first word of the letter's Unicode name names its script closely enough."""
    return FIRST_WORD.split(unicodedata.name(letter, "UNKNOWN"), maxsplit=1)[0]
