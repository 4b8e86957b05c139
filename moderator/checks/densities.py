"""Does the text look like an advertisement: links, capitals, punctuation, repeated characters?

Only densities: what a text has per 200 characters, or its share of the text. Length and plain
counts say nothing (long honest posts have much of everything), and a link is not spam. So all of
this together can hold a submission, never call it spam, and without links it cannot even hold.
"""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

from moderator.domain.check import Context
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import never_seen
from moderator.domain.submission import Submission
from moderator.domain.text.fold import INVISIBLE
from moderator.domain.urls.hosts import registrable

NAME = "densities"
STRETCH = 200  # a text shorter than this counts as this long: one link in few words is no density
MAX_WEIGHT = 0.45  # under every sensible spam threshold
LINKS = ((6.0, 0.45), (4.0, 0.3), (2.5, 0.1))  # links per stretch, weight
NOISE = 0.1
SHOUTING = 0.7
PUNCTUATION = 0.3
REPEATED = 0.25
FEWEST_CASED = STRETCH // 4  # letters that have a case, of which a share says something
FEWEST = int(SHOUTING * FEWEST_CASED)  # characters under which nothing but links stands out

UPPER = string.ascii_uppercase.encode()
CASED = string.ascii_letters.encode()
NOTHING = Finding(NAME, Signal.NEUTRAL, "Nothing in the text's looks stands out")
RUN = re.compile(r"(\S)\1{4,}")
ASCII_MARKS = b"!?$%&*#=+~^|<>_"
MARKS = re.compile(r"[!?$%&*#=+~^|<>_\u20ac\u00a3\u2605\u2714\u27a1]")


@dataclass(frozen=True, slots=True)
class Densities:
    hosts: Sequence[str]  # one per link
    links: float
    capitals: float
    punctuation: float
    repeated: float


def measure(facts: Facts) -> Densities:
    text = _drawn(facts.submission.text)
    length = max(len(text), STRETCH)
    hosts = facts.link_hosts
    looks = _ascii_looks(text.encode()) if text.isascii() else _looks(text)
    capitals, marks, repeated = looks
    return Densities(
        hosts=hosts,
        links=len(hosts) * STRETCH / length,
        capitals=capitals,
        punctuation=marks / length,
        repeated=repeated / length,
    )


class LooksLikeAdvertising:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        facts = context.about(submission)
        if not _may_stand_out(facts):
            return NOTHING
        found = measure(facts)
        parts = _weighed(found, context)
        if not parts:
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            "The text has " + ", ".join(parts),
            code="looks_like_advertising",
            weight=round(min(sum(parts.values()), MAX_WEIGHT), 2),
            evidence={
                "links_per_200_characters": round(found.links, 2),
                "capitals": round(found.capitals, 2),
                "punctuation": round(found.punctuation, 2),
                "repeated_characters": round(found.repeated, 2),
            },
        )


def _may_stand_out(facts: Facts) -> bool:
    """Whether there is enough of anything; what is beyond ASCII may be all of it.

    Most comments are told so without being measured.
    """
    text = facts.submission.text
    if len(facts.link_hosts) >= LINKS[-1][0]:
        return True
    if len(text) < FEWEST:
        return False
    plain = text.encode("ascii", "ignore")
    others = len(text) - len(plain)
    upper = len(plain) - len(plain.translate(None, UPPER))
    marks = len(plain) - len(plain.translate(None, ASCII_MARKS))
    return (
        upper + others >= SHOUTING * FEWEST_CASED
        or marks + others >= PUNCTUATION * STRETCH
        or others >= REPEATED * STRETCH
        or _has_runs(plain, 1)
    )


def _weighed(found: Densities, context: Context) -> dict[str, float]:
    """What stands out, in words, with its weight."""
    parts = {}
    links = next((weight for least, weight in LINKS if found.links >= least), 0.0)
    if links:
        parts[f"{found.links:.1f} links per 200 characters{_to(found.hosts, context)}"] = links
    if found.capitals >= SHOUTING:
        parts[f"{found.capitals:.0%} capitals"] = NOISE
    if found.punctuation >= PUNCTUATION:
        parts[f"{found.punctuation:.0%} marks such as ! and $"] = NOISE
    if found.repeated >= REPEATED:
        parts[f"{found.repeated:.0%} repeated characters"] = NOISE
    return parts


def _to(hosts: Sequence[str], context: Context) -> str:
    """What is known of where the links lead: nothing is added to their weight by it."""
    new = set(never_seen(hosts, context.hosts))
    if not new:
        return ""
    only = all(registrable(host) in new for host in hosts)
    return ", to hosts never seen here" if only else ", some to hosts never seen here"


def _looks(text: str) -> tuple[float, int, int]:
    """The share of capitals; how many marks; how many characters in runs of five and more."""
    upper = sum(map(str.isupper, text))
    cased = upper + sum(map(str.islower, text))
    width = text.encode("utf-32-le", "surrogatepass")
    return _share(upper, cased), len(MARKS.findall(text)), _in_runs(text, width, 4)


def _ascii_looks(text: bytes) -> tuple[float, int, int]:
    """The same of a text in ASCII, ten times faster."""
    upper = len(text) - len(text.translate(None, UPPER))
    cased = len(text) - len(text.translate(None, CASED))
    marks = len(text) - len(text.translate(None, ASCII_MARKS))
    return _share(upper, cased), marks, _in_runs(text.decode(), text, 1)


def _share(upper: int, cased: int) -> float:
    """The share of capitals among letters that have a case; a few shouted words are no density."""
    return upper / max(cased, FEWEST_CASED)


def _in_runs(text: str, letters: bytes, width: int) -> int:
    return sum(len(run[0]) for run in RUN.finditer(text)) if _has_runs(letters, width) else 0


def _has_runs(letters: bytes, width: int) -> bool:
    """Of five equal neighbours, four differ by nothing: to see that is faster than to look."""
    number = int.from_bytes(letters, "little")
    differences = (number ^ number >> 8 * width).to_bytes(len(letters), "little")
    return bytes(4 * width) in differences


def _drawn(text: str) -> str:
    """The text without what is drawn as nothing, which would thin everything out."""
    return text if text.isascii() else INVISIBLE.sub("", text)
