"""A fetcher that says how each fetch ended."""

from collections.abc import Callable

from moderator.domain.errors import FetchError, OverBudgetError, RefusedError
from moderator.domain.ports import FetchedPage, Fetcher


class CountedFetcher:
    """Honours domain/ports.py Fetcher. `count` hears answered, failed, postponed or refused."""

    def __init__(self, fetcher: Fetcher, count: Callable[[str], object]) -> None:
        self._fetcher = fetcher
        self._count = count

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        try:
            page = await self._fetcher.get(url, allowed=allowed, head=head)
        except RefusedError:
            self._count("refused")
            raise
        except OverBudgetError:
            self._count("postponed")
            raise
        except FetchError:
            self._count("failed")
            raise
        self._count("answered")
        return page
