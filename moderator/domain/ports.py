"""What we need from outside, as Protocols. storage/ and clients/ honour them; tests bring fakes.

Each store is described where it is used, in moderator/usecases/; here stands what checks may reach.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.domain.submission import Submission


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a fetch brought back.

    `url` is the last address, `hops` every address asked on the way (the first is the one
    given). Header names are lower case. `body` is decoded, at most the fetcher's cap long
    (`is_truncated` says so).
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    hops: tuple[str, ...]
    milliseconds: int
    is_truncated: bool = False


class Fetcher(Protocol):
    """Fetches addresses that strangers name, guarded: public addresses only, within limits."""

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        """Fetch `url`, following at most the configured number of redirects, each judged again.

        `allowed` are exact (IP, port) pairs that may be dialled although they are not public.
        Raises RefusedError when the address may not be opened, FetchError when it does not answer.
        """
        ...


class SourceFetchers(Protocol):
    """Fetchers for the sources of linkbacks, one per site, within the fetch quota."""

    def of(self, site_id: str) -> Fetcher: ...

    async def thank(self, page: str) -> None:
        """A page there said what it is to a post of ours: its domain relays such pages."""
        ...


class SiteLookup(Protocol):
    """The registered sites; may answer from a memory that is a few seconds old."""

    def get(self, site_id: str) -> Site | None: ...


class FetchQuota(Protocol):
    """Counts fetches across processes."""

    async def take(self, limits: Mapping[str, int]) -> float:
        """Count one fetch in each of these quotas, by name and limit of a minute.

        Return 0, or the seconds to wait when one of them is used up; then nothing is counted.
        """
        ...

    async def note(self, name: str, seconds: int) -> None:
        """Count one in a quota that is kept for `seconds` from its first."""
        ...

    async def noted(self, name: str) -> int:
        """How many were noted; 0 where that is not known."""
        ...


class SpamAnswer(StrEnum):
    HAM = "ham"
    SPAM = "spam"
    DISCARD = "discard"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SpamOpinion:
    """What a spam service said; `detail` explains an UNKNOWN in one clause.

    `reference` is the service's own name for this answer, for whoever asks it why. `recheck_after`
    is in how many seconds it wants to be asked again, 0 when it did not say.
    """

    answer: SpamAnswer
    detail: str = ""
    reference: str = ""
    recheck_after: int = 0


class SpamService(Protocol):
    """An outside spam service (Akismet). It never raises: trouble is UNKNOWN, never ham."""

    async def ask(self, submission: Submission, site: Site) -> SpamOpinion: ...


class Fate(StrEnum):
    """What became of a link."""

    OK = "ok"
    DEAD = "dead"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SHORTENER = "shortener"
    SUSPICIOUS = "suspicious"
    CUT_OFF = "cut_off"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class LinkFate:
    url: str
    fate: Fate
    detail: str = ""
    status: int = 0
    final_url: str = ""
    hops: tuple[str, ...] = ()
    checked_at: datetime | None = None


class LinkCache(Protocol):
    """Remembers the fate of links for a while, so that a popular link is asked once."""

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]: ...

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None: ...


class BlocklistStatus(StrEnum):
    LISTED = "listed"
    CLEAR = "clear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BlocklistAnswer:
    """What one list says about one host.

    `codes` are the list's own, of a listing; `detail` explains an UNKNOWN in one clause.
    """

    host: str
    zone: str
    listing: BlocklistStatus
    codes: tuple[str, ...] = ()
    detail: str = ""


class DnsBlocklists(Protocol):
    """Public lists of hosts that spam. They never raise: silence is UNKNOWN, never LISTED."""

    async def ask(self, hosts: Sequence[str]) -> list[BlocklistAnswer]:
        """One answer for each host and list; hosts are registrable domains, never addresses."""
        ...


@dataclass(frozen=True, slots=True)
class SketchedText:
    """A text by its MinHash sketch (`sketch`: its row of judgement.near.sketch, in bytes)."""

    submission_id: str
    site_id: str
    sketch: bytes


NearMatch = tuple[str, float]  # submission id, estimated similarity (under 1)


class NearIndex(Protocol):
    """Finds near texts by their sketches. It may lose everything: the database has the rows.

    It may tell of other sites' texts too; what it tells of a site's own never becomes less by that.
    """

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]] | None:
        """Add all of them, then return the near texts of each, closest first, in one round trip.

        None when the index does not answer; never an exception.
        """
        ...


class Hints(Protocol):
    """Says "look now" to whoever works. Best effort: the row is the truth."""

    def work_is_due(self, job: Job) -> bool:
        """Return whether the hint could be sent; never raises, never waits longer than 0.3 s."""
        ...
