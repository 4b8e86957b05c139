"""Blocklists are asked on the wire, by a name server of our own; only sound listings count."""

import asyncio

import pytest

from moderator.clients.dns_blocklists import DnsBlocklists, without_key
from moderator.domain.ports import BlocklistAnswer, BlocklistStatus
from tests.dns_server import FAILS, HERE, SILENT, NameServer, name_server

ZONE = "dbl.test"
SECONDS = 0.3


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def ask(
    names: dict[str, list[str] | str], *hosts: str, zones: tuple[str, ...] = (ZONE,)
) -> tuple[list[BlocklistAnswer], NameServer]:
    async def run() -> tuple[list[BlocklistAnswer], NameServer]:
        async with name_server(names) as server:
            lists = DnsBlocklists(zones, [(HERE, server.port)], seconds=SECONDS)
            return await lists.ask(hosts), server

    return asyncio.run(run())


def test_an_address_is_a_listing_and_no_such_name_is_none() -> None:
    answers, server = ask({"bad.test.dbl.test": ["127.0.1.2"]}, "bad.test", "good.test")
    assert answers == [
        BlocklistAnswer("bad.test", ZONE, BlocklistStatus.LISTED, ("127.0.1.2",)),
        BlocklistAnswer("good.test", ZONE, BlocklistStatus.CLEAR),
    ]
    assert set(server.asked) == {"bad.test.dbl.test", "good.test.dbl.test", "invalid.dbl.test"}


def test_a_name_without_an_address_is_not_listed() -> None:
    answers, _ = ask({"odd.test.dbl.test": []}, "odd.test")
    assert [answer.listing for answer in answers] == [BlocklistStatus.CLEAR]


def test_each_list_answers_for_itself() -> None:
    names: dict[str, list[str] | str] = {"bad.test.multi.test": ["127.0.0.72"]}
    answers, _ = ask(names, "bad.test", zones=(ZONE, "multi.test"))
    assert {answer.zone: answer.codes for answer in answers} == {
        ZONE: (),
        "multi.test": ("127.0.0.72",),
    }


@pytest.mark.parametrize(
    "address",
    ["127.255.255.252", "127.255.255.254", "127.255.255.255", "127.0.0.1", "192.0.2.80"],
)
def test_what_a_list_says_about_us_is_no_listing(address: str) -> None:
    answers, _ = ask({"bad.test.dbl.test": [address]}, "bad.test")
    assert [answer.listing for answer in answers] == [BlocklistStatus.UNKNOWN]
    assert address in answers[0].detail


@pytest.mark.parametrize("trouble", [SILENT, FAILS])
def test_silence_and_failure_are_unknown(trouble: str) -> None:
    answers, _ = ask({"bad.test.dbl.test": trouble}, "bad.test")
    assert [answer.listing for answer in answers] == [BlocklistStatus.UNKNOWN]
    assert answers[0].detail


def test_a_list_that_lists_everything_is_not_believed() -> None:
    names: dict[str, list[str] | str] = {
        "bad.test.dbl.test": ["127.0.0.2"],
        "invalid.dbl.test": ["127.0.0.2"],
    }
    answers, _ = ask(names, "bad.test")
    assert [answer.listing for answer in answers] == [BlocklistStatus.UNKNOWN]


def test_a_name_too_long_for_the_dns_is_unknown() -> None:
    answers, server = ask({}, ".".join(["a" * 60] * 4 + ["test"]))
    assert [answer.listing for answer in answers] == [BlocklistStatus.UNKNOWN]
    assert server.asked == []


def test_an_answer_is_kept_for_its_time_and_no_longer() -> None:
    async def run() -> list[int]:
        clock, counts = Clock(), []
        async with name_server({"bad.test.dbl.test": ["127.0.1.2"]}) as server:
            lists = DnsBlocklists((ZONE,), [(HERE, server.port)], clock=clock)
            for later in (0, server.ttl - 1, 2):
                clock.now += later
                await lists.ask(["bad.test", "good.test"])
                counts.append(len(server.asked))
        return counts

    assert asyncio.run(run()) == [3, 3, 6]


def test_a_silent_list_is_left_alone_for_a_moment() -> None:
    async def run() -> tuple[list[BlocklistStatus], int, list[BlocklistStatus]]:
        clock = Clock()
        names: dict[str, list[str] | str] = {"one.test.dbl.test": SILENT}
        async with name_server(names) as server:
            lists = DnsBlocklists((ZONE,), [(HERE, server.port)], clock=clock, seconds=SECONDS)
            await lists.ask(["one.test"])
            asked = len(server.asked)
            resting = [answer.listing for answer in await lists.ask(["two.test"])]
            more = len(server.asked) - asked
            clock.now += 60
            awake = [answer.listing for answer in await lists.ask(["two.test"])]
        return resting, more, awake

    assert asyncio.run(run()) == ([BlocklistStatus.UNKNOWN], 0, [BlocklistStatus.CLEAR])


def test_one_instance_serves_several_loops() -> None:
    served: list[tuple[DnsBlocklists, int]] = []

    async def run(host: str) -> list[BlocklistStatus]:
        port = served[0][1] if served else 0
        async with name_server({f"{host}.dbl.test": ["127.0.1.2"]}, port) as server:
            if not served:
                served.append((DnsBlocklists((ZONE,), [(HERE, server.port)]), server.port))
            return [answer.listing for answer in await served[0][0].ask([host])]

    assert asyncio.run(run("bad.test")) == [BlocklistStatus.LISTED]
    assert asyncio.run(run("worse.test")) == [BlocklistStatus.LISTED]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("dbl.example.org", "dbl.example.org"),
        ("abcdefghijklmnopqrstuvwxyz.dbl.dq.example.org", "dbl.dq.example.org"),
    ],
)
def test_a_key_in_the_zone_is_not_shown(zone: str, shown: str) -> None:
    assert without_key(zone) == shown
