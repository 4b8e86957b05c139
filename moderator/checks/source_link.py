"""Does the source of a linkback link to the target? domain/linkback/verification.py says how."""

from dataclasses import replace
from typing import assert_never

from moderator.domain.check import Context, RemoteTools
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.linkback.microformats import MENTION
from moderator.domain.linkback.search import LinkFlag
from moderator.domain.linkback.source_content import with_source_content
from moderator.domain.linkback.verification import (
    Claim,
    LinkVerdict,
    Verification,
    verify_page,
    verify_source,
)
from moderator.domain.links.find import plain_address
from moderator.domain.ports import FetchedPage
from moderator.domain.submission import Linkback, Submission

NAME = "source_link"
HOLD = 0.5  # enough to ask a person, not enough to call it spam
FALSE_CLAIM = 1.0
# Behind the cap on its size, behind a gate, or to another address of this site.
MAY_LINK = {LinkFlag.TRUNCATED, LinkFlag.UNREAD, LinkFlag.OTHER_ADDRESS}
UNDECODED = "\N{REPLACEMENT CHARACTER}"
NO_LINKBACK = Finding(NAME, Signal.NEUTRAL, "It is not a linkback")
UNREAD = Finding(NAME, Signal.UNAVAILABLE, "Its source was not fetched", code="source_unread")
TRUE_CLAIM = -0.1  # a link is some work, but spammers can do it too


class SourceLink:
    name = NAME

    def applies(self, submission: Submission, context: Context) -> bool:
        return submission.linkback is not None

    async def run(self, submission: Submission, context: Context, tools: RemoteTools) -> Finding:
        linkback = submission.linkback
        if linkback is None:
            return NO_LINKBACK
        if linkback.source_html:
            return self.read(submission, context)
        allowed, claim = context.site.source_addresses, _claim(submission, linkback, context)
        verification = await verify_source(claim, tools.source_fetcher(context.site), allowed)
        await _thank(verification, tools)
        return _finding(submission, verification)

    def read(self, submission: Submission, context: Context) -> Finding:
        """What the page says that was handed over; without one nobody is asked."""
        linkback = submission.linkback
        if linkback is None:
            return NO_LINKBACK
        if not linkback.source_html:
            return UNREAD
        claim = _claim(submission, linkback, context)
        return _finding(submission, verify_page(_handed_over(linkback, claim), claim))


def _claim(submission: Submission, linkback: Linkback, context: Context) -> Claim:
    return Claim(
        source=plain_address(linkback.source),
        target=plain_address(linkback.target),
        own_hosts=context.site.hosts,
        counts_embeds=submission.kind.counts_embeds,
    )


def _finding(submission: Submission, seen: Verification) -> Finding:
    verification = _readable(submission, seen)
    signal, weight = weigh(verification)
    return Finding(
        NAME,
        signal,
        _reason(verification),
        code=str(verification.verdict),
        weight=weight,
        evidence=evidence_of(verification),
    )


async def _thank(seen: Verification, tools: RemoteTools) -> None:
    """Tell who fetches of a page that says what it is to its target."""
    is_told = seen.verdict is LinkVerdict.LINKED and seen.context.relation != MENTION
    if is_told and tools.sources is not None:
        await tools.sources.thank(seen.final_url)


def _readable(submission: Submission, seen: Verification) -> Verification:
    """The verification; flagged where words that nobody can decode would be shown."""
    if seen.verdict is not LinkVerdict.LINKED:
        return seen
    told = with_source_content(submission, evidence_of(seen)) if submission.by_door else submission
    title = told.linkback.source_title if told.linkback is not None else ""
    if UNDECODED not in f"{title} {told.author.name} {told.text}":
        return seen
    reason = "The source links to the target, but what it says cannot be read"
    flags = (*seen.flags, LinkFlag.UNREADABLE)
    return replace(seen, verdict=LinkVerdict.LINKED_FLAGGED, reason=reason, flags=flags)


def weigh(verification: Verification) -> tuple[Signal, float]:
    """A false claim is spam; what only looks odd, or what we cannot read, is for a person."""
    match verification.verdict:
        case LinkVerdict.LINKED:
            is_odd = {LinkFlag.FARM, LinkFlag.LOOKALIKE} & set(verification.flags)
            return (Signal.SUSPECT, HOLD) if is_odd else (Signal.HAM, TRUE_CLAIM)
        case LinkVerdict.NO_LINK if MAY_LINK & set(verification.flags):
            return Signal.SUSPECT, HOLD
        case LinkVerdict.NO_LINK | LinkVerdict.GONE:
            return Signal.SPAM, FALSE_CLAIM
        case LinkVerdict.LINKED_FLAGGED | LinkVerdict.BAD_TYPE | LinkVerdict.REFUSED:
            return Signal.SUSPECT, HOLD
        case LinkVerdict.UNREACHABLE:
            return Signal.UNAVAILABLE, 0.0
        case LinkVerdict.SELF_PING:
            return Signal.REDUNDANT, 0.0
        case _ as never:
            assert_never(never)


def _reason(verification: Verification) -> str:
    words = ", ".join(flag.replace("_", " ") for flag in verification.flags)
    return f"{verification.reason} ({words})" if words else verification.reason


def evidence_of(verification: Verification) -> Evidence:
    context = verification.context
    return {
        "source": verification.claim.source,
        "target": verification.claim.target,
        "verdict": str(verification.verdict),
        "link": verification.link,
        "anchor_text": context.anchor_text,
        "rel": context.rel,
        "relation": context.relation,
        "excerpt": context.excerpt,
        "title": context.title,
        "author": context.author,
        "flags": [str(flag) for flag in verification.flags],
        "tolerances": [str(tolerance) for tolerance in verification.tolerances],
        "status": verification.status,
        "final_url": verification.final_url,
        "hops": list(verification.hops),
        "milliseconds": verification.milliseconds,
        "retry_after": verification.retry_after,
    }


def _handed_over(linkback: Linkback, claim: Claim) -> FetchedPage:
    """The page as the platform fetched it: its charset is settled already."""
    return FetchedPage(
        url=claim.source,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=(linkback.source_html or "").encode("utf-8", "replace"),
        hops=(claim.source,),
        milliseconds=0,
    )
