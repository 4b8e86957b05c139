"""What all linkback protocols share: the request, which claims are refused at once, what is stored.

A claim is refused here for what its two addresses say by themselves; what needs a look at the
source is never answered by the endpoint, so that nobody can ask us about other people's networks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderator.domain.content.fingerprint import digest
from moderator.domain.errors import ModeratorError, RefusedError, RequestError
from moderator.domain.events.arrival import Arrival, Event, Receipt
from moderator.domain.site import Site
from moderator.domain.submission import Author, Format, Kind, Linkback, Post, Submission
from moderator.domain.urls.parse import Url, strict
from moderator.domain.urls.same_page import is_own, key, tolerances
from moderator.intake.fields import one_line

MAX_LINE_CHARACTERS = 1_024  # characters of a title, a blog's name
MAX_EXCERPT_CHARACTERS = 4_096


class ClaimFault(StrEnum):
    """Why a claim is refused at once."""

    MALFORMED = "malformed"
    SOURCE = "source"
    TARGET = "target"
    SAME = "same"


class ClaimError(RequestError):
    """A claim that its addresses alone refute."""

    def __init__(self, wrong: ClaimFault, detail: str) -> None:
        super().__init__(detail)
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class LinkbackRequest:
    """One request at a linkback endpoint, beside its body."""

    site: Site
    received_at: datetime
    new_id: Callable[[], str]
    content_type: str = ""
    query: Mapping[str, str] | None = None
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class ProtocolAnswer:
    """What the sender is answered."""

    status: int
    content_type: str
    body: bytes


class LinkbackProtocol(Protocol):
    """One protocol: a module of this folder."""

    KIND: Kind
    HAS_STATUS_PAGES: bool  # whether the sender is told where to see how the claim stands
    BODY_LIMIT: int

    def parse(self, body: bytes, call: LinkbackRequest) -> Arrival:
        """Raises ClaimError, or another RequestError for what is not this protocol."""
        ...

    def accepted(self, receipt: Receipt) -> ProtocolAnswer: ...

    def refused(self, error: ModeratorError) -> ProtocolAnswer: ...


@dataclass(frozen=True, slots=True)
class LinkbackClaim:
    """The two addresses as they came, and what the sender says about the source."""

    source: str
    target: str
    title: str = ""
    blog_name: str = ""
    excerpt: str = ""


def arrival(
    kind: Kind, claimed: LinkbackClaim, call: LinkbackRequest, *, rechecks: bool = False
) -> Arrival:
    """The claim as an arrival. Its id is derived, so that the same claim is always one record.

    Raises ClaimError.
    """
    source, target = _judged(claimed, call.site.hosts)
    # Which of a site's own hosts was named makes no difference, nor does the last slash.
    page = target.path.rstrip("/") + (f"?{target.query}" if target.query else "")
    name = digest(f"{key(source)} {page}")
    linkback = Linkback(
        protocol=str(kind),
        source=source.href,
        target=target.href,
        source_title=claimed.title,
        excerpt=claimed.excerpt,
    )
    return Arrival(
        event=Event.CREATED,
        submission=Submission(
            id=call.new_id(),
            site_id=call.site.id,
            platform_id=f"{kind}:{name}",
            kind=kind,
            content=claimed.excerpt,
            format=Format.TEXT,
            text=claimed.excerpt,
            created_at=call.received_at,
            received_at=call.received_at,
            author=_author(claimed, source, call),
            post=Post(url=target.href),
            linkback=linkback,
            by_door=True,
        ),
        digest=name,
        rechecks=rechecks,
    )


def _author(claimed: LinkbackClaim, source: Url, call: LinkbackRequest) -> Author:
    return Author(
        name=claimed.blog_name or claimed.title,
        url=source.href,
        ip=call.ip,
        user_agent=one_line(call.user_agent, MAX_LINE_CHARACTERS),
    )


def _judged(claimed: LinkbackClaim, own_hosts: frozenset[str]) -> tuple[Url, Url]:
    target = _address(claimed.target, ClaimFault.TARGET)
    if not is_own(target, own_hosts):
        raise ClaimError(ClaimFault.TARGET, "The target is not a page of this site")
    if target.path == "/" and not target.query:
        raise ClaimError(ClaimFault.TARGET, "The target is the home page; linkbacks are for posts")
    source = _address(claimed.source, ClaimFault.SOURCE)
    if tolerances(source, target, own_hosts) is not None:
        raise ClaimError(ClaimFault.SAME, "The source is the target itself")
    return source, target


def _address(text: str, wrong: ClaimFault) -> Url:
    """Read an address as strictly as if it were fetched: nothing else can ever be verified."""
    text = text.strip()
    if not text:
        raise ClaimError(ClaimFault.MALFORMED, f"The {wrong} is missing")
    try:
        return strict(text)
    except RefusedError as error:
        raise ClaimError(wrong, f"{error} ({wrong})") from error
