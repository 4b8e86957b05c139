"""A flood is seen by the service as by the stream, in whatever order it comes."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks.flood import Flood
from moderator.domain.events.arrival import Event
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.judgement.near.index import MemoryNearIndex
from moderator.storage.base.database import Database
from moderator.usecases.offline.stream import Stream
from tests.checks.test_flood import Silent, by, comment, mails
from tests.house import BLOG, House


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def judge(house: House, everyone: Sequence[Submission], event: Event = Event.CREATED) -> None:
    house.send(*everyone, event=event)
    while house.check(Flood()):
        pass


def is_held(house: House, one: Submission) -> bool:
    return house.status(one.id) == "hold"


def test_a_flood_is_held_from_the_fifth_on(house: House) -> None:
    everyone = [comment(n, n) for n in range(7)]
    for each in everyone:
        judge(house, [each])
    assert [is_held(house, each) for each in everyone] == [False] * 4 + [True] * 3


def test_what_was_erased_does_not_count(house: House) -> None:
    everyone = [comment(n, n) for n in range(5)]
    judge(house, everyone[:4])
    judge(house, [replace(everyone[0], status="trash")], Event.DELETED)
    judge(house, everyone[4:])
    assert not is_held(house, everyone[4])
    assert house.rows("SELECT name_key, address_key FROM submissions WHERE status = 'erased'") == [
        ("", "")
    ]


def test_namesakes_that_were_erased_do_not_count(house: House) -> None:
    everyone = mails("Mark Malvin", ["Mark Malvin"] * 4)
    judge(house, everyone[:2])
    judge(house, [replace(everyone[0], status="trash")], Event.DELETED)
    judge(house, everyone[2:3])
    assert not is_held(house, everyone[2])
    judge(house, everyone[3:])
    assert is_held(house, everyone[3])


def test_an_edit_counts_under_its_new_name(house: House) -> None:
    first, *rest = mails("Mark Malvin", ["Mark Malvin"] * 3)
    other = replace(first, author=replace(first.author, name="Somebody else"))
    judge(house, [other])
    judge(house, [replace(first, version="2")], Event.UPDATED)
    judge(house, rest)
    assert [is_held(house, each) for each in rest] == [True, True]


def test_another_sites_flood_is_not_ours(house: House) -> None:
    house.sites.add(
        replace(BLOG, id="other"), key_prefix="p", key_digest="e", now=comment(0, 0).created_at
    )
    judge(house, [replace(comment(n, n), site_id="other") for n in range(6)])
    assert is_held(house, replace(comment(5, 5), site_id="other"))
    one = comment(9, 9)
    judge(house, [one])
    assert not is_held(house, one)


@pytest.mark.parametrize("seed", range(4))
def test_service_and_stream_agree(house: House, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # a stream, no secret
    stream = Stream(BLOG, (Flood(),), MemoryNearIndex(), Silent())
    waiting = _mixture(chance)
    held = 0
    while waiting:
        size = chance.choice((1, 1, 3, 9))
        batch, waiting = waiting[:size], waiting[size:]
        judge(house, batch)
        for each, judged in zip(batch, stream.judge(batch, house.queue.now()), strict=True):
            assert house.found(each.id, "flood") == judged.findings[0]
            held += judged.decision.verdict is Verdict.HOLD
        decided = chance.choice(batch)
        seen = house.store.stored_submissions([decided.id])[decided.id].sequence
        word = chance.choice((Verdict.SPAM, Verdict.SPAM, Verdict.APPROVE))
        if chance.random() < 0.1 and house.moderate(decided.id, word, seen=seen):
            stream.learn(decided, word, house.queue.now())
    assert 0 < held < 80


def _mixture(chance: random.Random) -> list[Submission]:
    """Eighty comments of few names and addresses, some in bursts, in no order."""
    found, at = [], 0.0
    for number in range(80):
        at += chance.choice((0, 1, 4, 9, 600, 40_000))
        name = chance.choice(("Mark Malvin", "John", "Ada Quick"))
        author = Author(
            name=name,
            email=f"m{chance.randrange(9)}@example.org",
            ip=chance.choice(("192.0.2.1", "192.0.2.2", "10.0.0.1")),
            url=chance.choice(("", "https://shop.test/")),
        )
        found.append(
            by(author, number, at, chance.choice(("", name, f"Number {number}, he said.")))
        )
    start = found[0].created_at
    assert found[-1].created_at - start > timedelta(days=1)
    order = sorted(range(80), key=lambda n: n + chance.randrange(6))
    return [found[n] for n in order]
