"""A web in a dictionary, and what else a remote check may reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from moderator.domain.check import RemoteTools
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.ports import FetchedPage, LinkFate, SpamAnswer, SpamOpinion
from moderator.domain.site import Site
from moderator.domain.submission import Submission

HTML = {"content-type": "text/html; charset=utf-8"}


@dataclass
class FakeWeb:
    """`domain.ports.Fetcher`: pages by address, or the error to raise; `asked` is in order."""

    pages: dict[str, FetchedPage | RefusedError | FetchError] = field(default_factory=dict)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    allowed: frozenset[tuple[str, int]] = frozenset()

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        self.asked.append((url, head))
        self.allowed = allowed
        found = self.pages.get(url, FetchError("The host name does not resolve", (url,)))
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class FakeMemory:
    """`domain.ports.LinkMemory`."""

    fates: dict[str, LinkFate] = field(default_factory=dict)

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        return {url: self.fates[url] for url in urls if url in self.fates}

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        self.fates.update({fate.url: fate for fate in fates})


class NoOpinion:
    async def ask(self, submission: Submission, site: Site) -> SpamOpinion:
        return SpamOpinion(SpamAnswer.UNKNOWN)


def a_page(
    url: str, body: str = "", *, status: int = 200, hops: tuple[str, ...] = ()
) -> FetchedPage:
    return FetchedPage(url, status, HTML, body.encode(), hops or (url,), 5)


def reaching(web: FakeWeb, memory: FakeMemory | None = None) -> RemoteTools:
    return RemoteTools(web, NoOpinion(), memory or FakeMemory())
