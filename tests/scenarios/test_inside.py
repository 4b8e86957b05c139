"""What an operator allows for callbacks leads no stranger into the house."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from moderator.checks.link_validity import LinkValidity
from moderator.checks.source_link import SourceLink
from moderator.clients.courier import HttpCourier
from moderator.clients.fetch.fetcher import GuardedFetcher
from moderator.domain.check import RemoteCheck, RemoteTools
from moderator.domain.decisions.delivery import Callback
from moderator.domain.site import Secret, Site
from moderator.domain.submission import Submission
from moderator.signing import new_secret
from tests.builders import NOON, a_context, a_pingback, a_site, a_submission
from tests.lab import FakeResolver, Origin, Request, origin
from tests.pages import NoMemory, NoSpamService

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def _answer(writer: asyncio.StreamWriter, _request: Request) -> None:
    writer.write(OK)


async def _ask(check: RemoteCheck, submission: Submission, site: Site) -> None:
    fetcher = GuardedFetcher(resolver=FakeResolver({"inside.test": [["127.0.0.1"]]}))
    tools = RemoteTools(fetcher, NoSpamService(), NoMemory())
    await check.run(submission, a_context(site=site), tools)


def _source(inside: Origin) -> Submission:
    return a_pingback(f"http://inside.test:{inside.port}/")


def _link(inside: Origin) -> Submission:
    return a_submission(f'<a href="http://inside.test:{inside.port}/">here</a>')


@pytest.mark.parametrize(
    ("check", "naming"), [(SourceLink(), _source), (LinkValidity(), _link)], ids=["source", "link"]
)
def test_strangers_reach_only_what_is_allowed_for_them(
    check: RemoteCheck, naming: Callable[[Origin], Submission]
) -> None:
    async def see() -> tuple[int, int, int]:
        async with origin(_answer) as inside:
            pairs = frozenset({("127.0.0.1", inside.port)})
            site = a_site(
                allowed_addresses=pairs,
                callback_url=f"http://127.0.0.1:{inside.port}/verdicts",
                secrets=(Secret(new_secret(b"k" * 32), NOON),),
            )
            await _ask(check, naming(inside), site)
            by_strangers = inside.connections
            courier = HttpCourier(lambda: NOON)
            answer = await courier.send(site, Callback("c1", "blog", b"{}", 0))
            await courier.close()
            await _ask(check, naming(inside), replace(site, source_addresses=pairs))
            return by_strangers, answer.status, inside.connections

    by_strangers, status, connections = asyncio.run(see())
    assert by_strangers == 0
    assert status == 200
    assert connections > 1
