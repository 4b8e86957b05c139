"""Is it one of many that one hand sends under many names, or under one name with many addresses?

- Five strangers or more at one visitor address within half a minute, or eight comments of any
  strangers: a class or an office comes within minutes, and a quick reader writes three replies.
- One name with several e-mail addresses within a day, where more than the name is the same: a
  text of some length, or nothing but the name (three addresses), the visitor address or the page's
  own host (four). Namesakes are common where the name is a first name alone: there it takes five,
  and a text that many say is nothing.
An address that several or welcome people wrote from before, as a household's, a school's or that of
a proxy that hides its visitors, tells nothing. Nothing of it condemns: it brings comments before a
person. A person's approval of one speaks for all. It says nothing of who is known here, of the
blog's own people, and of linkbacks; addresses inside a network (a proxy's) tell nobody apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from moderator.domain.check import Context
from moderator.domain.content.fingerprint import MIN_TEXT
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.history.crowd import BURST_GAP, BURST_WINDOW, Neighbour, neighbour
from moderator.domain.history.reputation import SHARED
from moderator.domain.submission import Submission
from moderator.domain.urls.hosts import PORTALS, registrable

NAME = "flood"
HOLDS = 0.5
HANDS = 5  # in a moment at one address
TEXTS = 8
SEVERAL = 3  # hands that make an address nobody's own
SAME_TEXT = 3  # e-mail addresses under one name
SAME_PLACE = 4
BARE = 5  # the same, where the name is one word
CALM = Finding(NAME, Signal.NEUTRAL, "No flood from one address, or under one name")


class Flood:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        crowd = context.crowd
        if not crowd.at_address and not crowd.namesakes:
            return CALM
        author = submission.author
        is_ours = author.is_staff or author.trusted or context.author_history.is_known(context.now)
        if is_ours or submission.kind.is_linkback:
            return CALM
        me = neighbour(context.about(submission), is_published=False, is_welcome=False)
        if _is_shared(crowd.at_address, me.created_at - BURST_GAP):
            me, crowd = replace(me, address_key=""), replace(crowd, at_address=())
        return _burst(me, crowd.at_address) or _many_mails(me, crowd.namesakes) or CALM


def _burst(me: Neighbour, others: Sequence[Neighbour]) -> Finding | None:
    """Times are the blog's and ours: what was stored with a date alone is no flood."""
    near = [
        o for o in others if not o.is_own and abs(o.received_at - me.received_at) <= BURST_WINDOW
    ]
    if _is_vouched(near):
        return None
    everyone = (me, *near)
    for start in {one.created_at for one in everyone if one.created_at <= me.created_at}:
        together = _from(everyone, start)
        hands = {(one.name, one.mail) for one in together}
        texts = {(one.name, one.mail, one.words) for one in together}
        if me in together and (len(hands) >= HANDS or len(texts) >= TEXTS):
            seconds = int(BURST_WINDOW.total_seconds())
            reason = f"{len(texts)} comments from one address within {seconds} seconds"
            return _suspicion(NAME, reason, {"comments": len(texts), "names": len(hands)})
    return None


def _is_shared(others: Iterable[Neighbour], until: datetime) -> bool:
    """Whether a person approved what came from there before, or what several wrote stands.

    They came at their leisure: the first of a flood stand, too.
    """
    before = [other for other in others if other.created_at <= until and not other.is_own]
    standing = [other for other in before if other.is_published]
    hands = {(other.name, other.mail) for other in standing}
    times = [other.created_at for other in standing]
    is_calm = len(hands) >= SEVERAL and max(times) - min(times) >= BURST_GAP
    return _is_vouched(before) or (is_calm and 2 * len(standing) > len(before))


def _from(everyone: Iterable[Neighbour], start: datetime) -> list[Neighbour]:
    return [one for one in everyone if start <= one.created_at <= start + BURST_WINDOW]


def _many_mails(me: Neighbour, namesakes: Sequence[Neighbour]) -> Finding | None:
    is_bare = " " not in me.name
    place = BARE if is_bare else SAME_PLACE
    is_telling = me.words == me.name or (not is_bare and len(me.words) >= MIN_TEXT)
    host = "" if _is_everybodys(me.page_host) else me.page_host
    for what, mine, least in (
        ("words", me.words if is_telling else "", SAME_TEXT),
        ("address_key", me.address_key, place),
        ("page_host", host, place),
    ):
        same = [o for o in namesakes if mine and not o.is_own and getattr(o, what) == mine]
        mails = {me.mail, *(one.mail for one in same)}
        if len(mails) >= least and not _is_vouched(same):
            reason = f"The same name with {len(mails)} e-mail addresses within a day, {SAME[what]}"
            return _suspicion("many_mails", reason, {"mails": len(mails), "same": what})
    return None


SAME = {"words": "the same text", "address_key": "at one address", "page_host": "with one page"}


def _is_vouched(others: Iterable[Neighbour]) -> bool:
    return any(other.is_welcome for other in others)


def _is_everybodys(host: str) -> bool:
    name = registrable(host) if host else ""
    return name in PORTALS or name in SHARED


def _suspicion(code: str, reason: str, evidence: Evidence) -> Finding:
    return Finding(NAME, Signal.SUSPECT, reason, code, HOLDS, evidence)
