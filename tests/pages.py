"""The web as far as a test needs it: pages by address, everything else does not answer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from moderator.domain.errors import FetchError
from moderator.domain.ports import FetchedPage, LinkFate, SpamAnswer, SpamOpinion
from moderator.domain.site import Site
from moderator.domain.submission import Submission


class Pages:
    """A `Fetcher` over HTML texts by address."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError("The host does not answer")
        headers = {"content-type": "text/html; charset=utf-8"}
        return FetchedPage(url, 200, headers, self.pages[url].encode(), (url,), 1)


class NoMemory:
    """A `LinkCache` that forgets at once."""

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        return {}

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        return None


class NoSpamService:
    async def ask(self, submission: Submission, site: Site) -> SpamOpinion:
        return SpamOpinion(SpamAnswer.UNKNOWN, "nobody was asked")
