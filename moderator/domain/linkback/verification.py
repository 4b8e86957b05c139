"""Verifies a linkback's claim: does the source really link to the target?

In this order:
1. the claim itself: both addresses readable, target on the site's own hosts and a permalink, source
   not the target (all refused), source not on the site's own hosts (self_ping);
2. the fetch: refused by the guarded fetcher, or unreachable;
3. the answer: 404 and 410 are gone, other failures unreachable; where redirects led is judged as 1;
4. the type: text, or bad_type;
5. the page: a link that can be seen is linked, one that cannot is linked_flagged, else no_link.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

import turbohtml

from moderator.domain.errors import FetchError, OverBudgetError, RefusedError
from moderator.domain.linkback.context import LinkContext, context_of
from moderator.domain.linkback.documents import Document, Json, PlainText, read_document
from moderator.domain.linkback.search import (
    OBSCURED,
    LinkFlag,
    SearchResult,
    SearchTarget,
    search_document,
    search_strings,
    search_text,
)
from moderator.domain.linkback.unread_pages import says_nothing
from moderator.domain.ports import FetchedPage, Fetcher
from moderator.domain.urls.hosts import disguise
from moderator.domain.urls.parse import Url, read, strict
from moderator.domain.urls.same_page import Tolerance, is_own, tolerances

GONE = frozenset({404, 410})
NOT_FOUND = "The source does not link to the target"
# Why no link may have been found although there is one.
UNFOUND = {
    LinkFlag.OTHER_ADDRESS: "The source links to another address of this site",
    LinkFlag.UNREAD: "The source showed no page to us but a question, or one drawn by scripts",
    LinkFlag.TRUNCATED: "No link stands in the part of the source that was read",
}
META_STATUS = 'meta[http-equiv="status" i]'


class LinkVerdict(StrEnum):
    LINKED = "linked"
    LINKED_FLAGGED = "linked_flagged"
    NO_LINK = "no_link"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    BAD_TYPE = "bad_type"
    REFUSED = "refused"
    SELF_PING = "self_ping"


@dataclass(frozen=True, slots=True)
class Claim:
    """`source` says that it links to `target`, a page of a site that answers on `own_hosts`."""

    source: str
    target: str
    own_hosts: frozenset[str]
    counts_embeds: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """What the verification saw; `reason` is one sentence for people."""

    verdict: LinkVerdict
    claim: Claim
    reason: str
    link: str = ""
    context: LinkContext = field(default_factory=LinkContext)
    flags: tuple[LinkFlag, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()
    status: int = 0
    final_url: str = ""
    hops: tuple[str, ...] = ()
    milliseconds: int = 0
    retry_after: float = 0


async def verify_source(
    claim: Claim, fetcher: Fetcher, allowed: frozenset[tuple[str, int]] = frozenset()
) -> Verification:
    """Fetch the source and verify it. Never raises for what a stranger can cause."""
    settled = judge_claim(claim)
    if settled is not None:
        return settled
    try:
        page = await fetcher.get(claim.source, allowed=allowed)
    except (RefusedError, FetchError) as error:
        return _unfetched(claim, error)
    return verify_page(page, claim)


def judge_claim(claim: Claim) -> Verification | None:
    """What can be said without looking at the source; None when it must be looked at."""
    target = read(claim.target)
    if target is None or not is_own(target, claim.own_hosts):
        return _refused(claim, "The target is not a page of this site")
    if target.path == "/" and not target.query:
        return _refused(claim, "The target is the home page; linkbacks are taken for posts")
    try:
        source = strict(claim.source)
    except RefusedError as error:
        return _refused(claim, f"{error}")
    return _judge_place(claim, source, target)


def verify_page(page: FetchedPage, claim: Claim) -> Verification:
    """Verify a page that was fetched already (by us, or by the platform)."""
    settled = judge_claim(claim) or _judge_answer(page, claim)
    if settled is None:
        settled = _judge_content(page, claim)
    return replace(
        settled,
        status=page.status,
        final_url=page.url,
        hops=page.hops,
        milliseconds=page.milliseconds,
    )


def _refused(claim: Claim, reason: str) -> Verification:
    return Verification(LinkVerdict.REFUSED, claim, reason)


def _judge_place(claim: Claim, source: Url, target: Url) -> Verification | None:
    if tolerances(source, target, claim.own_hosts) is not None:
        return _refused(claim, "The source is the target itself")
    if is_own(source, claim.own_hosts):
        return Verification(LinkVerdict.SELF_PING, claim, "The source is on the site itself")
    return None


def _unfetched(claim: Claim, error: RefusedError | FetchError) -> Verification:
    """Where redirects led counts even if nothing answered there."""
    last, target = read(error.hops[-1]) if error.hops else None, read(claim.target)
    settled = _judge_place(claim, last, target) if last is not None and target is not None else None
    if settled is None:
        is_refusal = isinstance(error, RefusedError)
        verdict = LinkVerdict.REFUSED if is_refusal else LinkVerdict.UNREACHABLE
        settled = Verification(verdict, claim, f"{error}")
    return replace(
        settled,
        hops=error.hops,
        final_url=error.hops[-1] if error.hops else "",
        retry_after=error.retry_after if isinstance(error, OverBudgetError) else 0,
    )


def _judge_answer(page: FetchedPage, claim: Claim) -> Verification | None:
    final, target = read(page.url), read(claim.target)
    if final is not None and target is not None and len(page.hops) > 1:
        settled = _judge_place(claim, final, target)
        if settled is not None:
            return settled
    if page.status in GONE:
        return Verification(LinkVerdict.GONE, claim, f"The source is gone ({page.status})")
    if not 200 <= page.status < 300:  # noqa: PLR2004 - 2xx
        reason = f"The source answers with status {page.status}"
        return Verification(LinkVerdict.UNREACHABLE, claim, reason)
    return None


def _judge_content(page: FetchedPage, claim: Claim) -> Verification:
    if not page.body:
        return Verification(LinkVerdict.NO_LINK, claim, "The source is empty")
    document = read_document(page)
    if document is None:
        return Verification(LinkVerdict.BAD_TYPE, claim, "The source is not a text page")
    if isinstance(document, turbohtml.Document) and _says_gone(document):
        return Verification(LinkVerdict.GONE, claim, "The source says that it is gone")
    search = _search(document, page, claim)
    noscript = search.found is None and b"<noscript" in page.body.lower()
    if noscript:
        document = read_document(page, scripting=False) or document
        search = _search(document, page, claim)
    return _conclude(search, document, page, claim, is_noscript=noscript)


def _says_gone(document: turbohtml.Document) -> bool:
    """Hosts of static files cannot send 410, so authors write it into the page."""
    element = document.select_one(META_STATUS)
    said = (element.attr("content") or "").split() if element is not None else []
    return said[:1] in (["404"], ["410"])


def _search(document: Document, page: FetchedPage, claim: Claim) -> SearchResult:
    target = read(claim.target)
    if target is None:
        return SearchResult(None)
    wanted = SearchTarget(target, claim.own_hosts, claim.counts_embeds)
    match document:
        case PlainText(text):
            return search_text(text, wanted)
        case Json(strings):
            return search_strings(strings, wanted)
        case _:
            return search_document(document, page.url, wanted)


def _conclude(
    search: SearchResult, document: Document, page: FetchedPage, claim: Claim, *, is_noscript: bool
) -> Verification:
    found, place = search.found, read(page.url)
    odd = _oddities(search, page, place, claim)
    if found is None:
        if search.is_elsewhere:
            odd.append(LinkFlag.OTHER_ADDRESS)
        elif isinstance(document, turbohtml.Document) and _is_unread(document, page):
            odd.append(LinkFlag.UNREAD)
        reason = next((UNFOUND[flag] for flag in odd if flag in UNFOUND), NOT_FOUND)
        return Verification(LinkVerdict.NO_LINK, claim, reason, flags=tuple(odd))
    flags = (*found.flags, *([LinkFlag.NOSCRIPT] if is_noscript else []), *odd)
    is_obscured = bool(OBSCURED & frozenset(flags))
    context = LinkContext()
    if found.element is not None and isinstance(document, turbohtml.Document) and place is not None:
        context = context_of(found.element, document, place)
    return Verification(
        verdict=LinkVerdict.LINKED_FLAGGED if is_obscured else LinkVerdict.LINKED,
        claim=claim,
        reason="A reader cannot see the link" if is_obscured else "The source links to the target",
        link=found.url.href,
        context=context,
        flags=flags,
        tolerances=found.tolerances,
    )


def _is_unread(document: turbohtml.Document, page: FetchedPage) -> bool:
    return says_nothing(document, has_scripts=b"<script" in page.body.lower())


def _oddities(
    search: SearchResult, page: FetchedPage, place: Url | None, claim: Claim
) -> list[LinkFlag]:
    """What is odd about the page, whether or not it links."""
    odd = {
        LinkFlag.FARM: search.is_farm,
        LinkFlag.TRUNCATED: page.is_truncated,
        LinkFlag.LOOKALIKE: place is not None and bool(disguise(place.host, claim.own_hosts)),
    }
    return [flag for flag, is_seen in odd.items() if is_seen]
