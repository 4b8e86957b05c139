"""Redis may forget everything in the middle of a stream: near copies are found again."""

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import redis

from moderator.checks import LOCAL
from moderator.clients.breaker import Breaker
from moderator.clients.redis.near_gap import WHOLE
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.ids import new_id
from moderator.domain.ports import NearMatch, SketchedText
from moderator.domain.submission import Author, Submission
from moderator.storage.base.database import Database
from moderator.usecases.run.near_index import RefillNearIndex
from tests.builders import a_submission
from tests.house import House
from tests.redis_server import RedisServer

NOW = datetime.now(UTC)  # Redis has no other clock
TEXT = (
    "Every spring the town council promises to mend the bridge number {}, and every autumn the"
    " river rises through the same {} holes while the same members look the other way."
)
NUMBERS = count()


def sent(text: str) -> Submission:
    number = next(NUMBERS)
    when = NOW + timedelta(milliseconds=number)
    id_ = new_id(when, os.urandom(10))
    somebody = Author(name=f"Reader {number}", email=f"reader{number}@example.org")
    return replace(
        a_submission(text, author=somebody), id=id_, platform_id=str(number), received_at=when
    )


def index(server: RedisServer) -> RedisNearIndex:
    return RedisNearIndex(server.url, patience=9, breaker=Breaker(rest=0))


def mend(house: House) -> int:
    assert isinstance(house.near, RedisNearIndex)
    return RefillNearIndex(house.store, house.near, house.new_token, threading.Event())()


@pytest.fixture
def house(database: Database, redis_server: RedisServer) -> House:
    house = House(database, index(redis_server))
    mend(house)
    return house


def judged(house: House, text: str) -> str:
    submission = sent(text)
    house.send(submission)
    while house.check(*LOCAL):
        pass
    return submission.id


def resembled(house: House, id_: str) -> object:
    """Whom a submission was found to resemble nearly."""
    return house.found(id_, "duplicate").evidence.get("similar_to")


def empty(server: RedisServer) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.flushall()


def test_after_a_flush_near_copies_are_found_again(house: House, redis_server: RedisServer) -> None:
    originals = [TEXT.format(word, "three") for word in ("seventeen", "forty", "eleven hundred")]
    _, second, _ = (judged(house, text) for text in originals)
    empty(redis_server)
    copy = judged(house, originals[0])
    assert house.found(copy, "duplicate").code == "said_before"  # the database knows by itself
    assert mend(house) == 4
    edited = judged(house, originals[1].replace("autumn", "winter"))
    assert resembled(house, edited) == second
    assert mend(house) == 0


def test_what_came_while_redis_was_away_is_known_later(
    house: House, redis_server: RedisServer
) -> None:
    text = TEXT.format("two", "nine")
    redis_server.stop()
    first = judged(house, text)
    redis_server.start()
    with redis.Redis.from_url(redis_server.url) as client:
        client.set(WHOLE, "1")  # as if it had only been out of reach
    judged(house, "Quite another matter: my cat has learned to open the kitchen door alone.")
    assert mend(house) == 2
    assert resembled(house, judged(house, text.replace("autumn", "winter"))) == first


class EmptiedMeanwhile:
    """A near index that is emptied while it is mended, as often as told."""

    def __init__(self, near: RedisNearIndex, server: RedisServer) -> None:
        self.near, self.server = near, server

    def gap(self) -> int | None:
        return self.near.gap()

    def hold(self, token: str) -> bool:
        return self.near.hold(token)

    def mended(self, token: str, gap: int) -> bool:
        return self.near.mended(token, gap)

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]] | None:
        met = self.near.find_and_add(newcomers)
        empty(self.server)
        return met


def test_a_flush_during_the_mending_is_mended_next(house: House, redis_server: RedisServer) -> None:
    judged(house, TEXT.format("one", "two"))
    empty(redis_server)
    near = index(redis_server)
    RefillNearIndex(
        house.store, EmptiedMeanwhile(near, redis_server), house.new_token, threading.Event()
    )()
    assert near.gap() is not None
    assert mend(house) == 1
    assert near.gap() is None


def test_one_mends_at_a_time(house: House, redis_server: RedisServer) -> None:
    judged(house, TEXT.format("one", "two"))
    empty(redis_server)
    near = index(redis_server)
    assert near.hold("somebody else")
    assert mend(house) == 0
    assert near.mended("somebody else", 0)
    assert near.gap() is None
