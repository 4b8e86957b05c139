"""Follows one link of a comment through the guarded fetcher and says what became of it."""

from datetime import datetime

from moderator.domain.errors import FetchError, OverBudgetError, RefusedError
from moderator.domain.links.find import Link
from moderator.domain.links.shape import judge_host
from moderator.domain.ports import Fate, FetchedPage, Fetcher, LinkFate
from moderator.domain.site import Site
from moderator.domain.urls.parse import Url, read
from moderator.domain.urls.shorteners import is_shortener

DEAD = frozenset({404, 410})


async def walk_link(link: Link, fetcher: Fetcher, site: Site, *, now: datetime) -> LinkFate:
    """Ask where a link leads. Never raises for what a stranger can cause."""
    if link.url is None:
        return LinkFate(link.raw, Fate.REFUSED, "It is not a web address", checked_at=now)
    address = link.url.href
    try:
        page = await _ask(address, fetcher, site)
    except OverBudgetError as error:
        return LinkFate(address, Fate.UNCHECKED, f"{error}", checked_at=now)
    except RefusedError as error:
        return LinkFate(address, Fate.REFUSED, f"{error}", hops=error.hops, checked_at=now)
    except FetchError as error:
        return LinkFate(address, Fate.UNREACHABLE, f"{error}", hops=error.hops, checked_at=now)
    fate, detail = _judge(link, link.url, page, site)
    return LinkFate(address, fate, detail, page.status, page.url, page.hops, now)


async def _ask(address: str, fetcher: Fetcher, site: Site) -> FetchedPage:
    """HEAD is cheap for the other side; where it fails, GET has the last word."""
    allowed = site.source_addresses
    try:
        page = await fetcher.get(address, allowed=allowed, head=True)
    except OverBudgetError:
        raise
    except FetchError as error:
        try:
            return await fetcher.get(address, allowed=allowed)
        except FetchError:
            raise error from None
    return page if _is_success(page) else await fetcher.get(address, allowed=allowed)


def _judge(link: Link, url: Url, page: FetchedPage, site: Site) -> tuple[Fate, str]:
    if page.status in DEAD:
        return Fate.DEAD, "The page does not exist"
    if not _is_success(page):
        return Fate.UNREACHABLE, f"The host answers with status {page.status}"
    landed = read(page.url)
    if landed is not None and landed.authority != url.authority:
        trick = judge_host(link, landed, site.hosts)
        if trick is not None and trick.fate is Fate.SUSPICIOUS:
            return trick.fate, trick.detail
        if is_shortener(url.host):
            return Fate.SHORTENER, f"It leads to {landed.authority}"
    return Fate.OK, ""


def _is_success(page: FetchedPage) -> bool:
    return 200 <= page.status < 300  # noqa: PLR2004 - 2xx
