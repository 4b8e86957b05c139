"""What the checks are told around a submission, over a real database and a real index."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from moderator.checks.duplicate import Duplicate
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.check import Context, TextJudge, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.ids import new_id
from moderator.domain.ports import NearMatch, SketchedText
from moderator.domain.queue import Job
from moderator.domain.submission import Submission
from moderator.storage.base.database import Database
from moderator.usecases.judge.context import ContextLoader
from tests.builders import BOB, NOON, a_pingback, a_submission
from tests.house import House
from tests.redis_server import RedisServer

RIVER = (
    "The bridge over the river was finished in 1911, after three floods and two bankruptcies, "
    "and the first to cross it was a goat called Bertha."
)
EDITED = RIVER.replace("three floods", "four floods")


def comment(number: int, text: str, **changes: object) -> Submission:
    given: dict[str, object] = {
        "id": new_id(NOON, number.to_bytes(10, "big")),
        "platform_id": str(number),
        "created_at": NOON + timedelta(minutes=number),
    }
    return a_submission(text, **(given | changes))


class NearHouse(House):
    """Its checks know near copies."""

    def drain(self) -> None:
        while self.check(Duplicate()):
            pass

    def context(self, submission: Submission, text_judge: TextJudge | None = None) -> Context:
        around = ContextLoader(self.store, self.sites, self.near, text_judge)
        return around(self.store.stored_submissions([submission.id]), NOON)[submission.id]


@pytest.fixture
def house(database: Database, redis_server: RedisServer) -> NearHouse:
    return NearHouse(database, RedisNearIndex(redis_server.url, patience=9))


def excerpt(number: int, text: str) -> Submission:
    source = f"https://other{number}.example.org/"
    return comment(number, text, **linkback_of(a_pingback(source, text)))


def linkback_of(pingback: Submission) -> dict[str, object]:
    return {"kind": pingback.kind, "linkback": pingback.linkback, "author": pingback.author}


WHOLE, CUT = RIVER, f"[…] {RIVER[12:-12]} […]"


def test_an_excerpt_that_was_cut_is_discarded_whenever_it_comes(house: NearHouse) -> None:
    first, cut = excerpt(1, WHOLE), excerpt(2, CUT)
    house.send(first)
    house.drain()
    house.send(cut)
    house.drain()
    assert (house.status(first.id), house.status(cut.id)) == ("approved", "trash")


def test_near_excerpts_in_one_batch_know_each_other(house: NearHouse) -> None:
    first, cut = excerpt(1, WHOLE), excerpt(2, CUT)
    house.send(cut, first)
    house.drain()
    assert (house.status(first.id), house.status(cut.id)) == ("approved", "trash")


def test_an_excerpt_that_overtook_its_original_is_judged_again(house: NearHouse) -> None:
    first, cut = excerpt(1, WHOLE), excerpt(2, CUT)
    house.send(cut)
    house.drain()
    assert house.status(cut.id) == "approved"
    house.send(first)
    house.drain()
    assert (house.status(first.id), house.status(cut.id)) == ("approved", "trash")


def test_a_comment_that_nearly_repeats_another_is_noted_and_stays(house: NearHouse) -> None:
    first, near = comment(1, RIVER), comment(2, EDITED, author=BOB)
    house.send(first)
    house.drain()
    house.send(near)
    house.drain()
    assert (house.status(first.id), house.status(near.id)) == ("approved", "approved")
    finding = house.found(near.id, "duplicate")
    assert (finding.code, finding.evidence["similar_to"]) == ("nearly_same", first.id)


def test_the_very_same_text_is_a_sibling_once_and_certain(house: NearHouse) -> None:
    first, copy = comment(1, RIVER), comment(2, RIVER)
    house.send(first, copy)
    house.context(first)
    [sibling] = house.context(copy).siblings
    assert (sibling.id, sibling.similarity) == (first.id, 1.0)


def test_without_redis_exact_copies_are_still_found(
    database: Database, redis_server: RedisServer
) -> None:
    redis_server.stop()
    house = NearHouse(database, RedisNearIndex(redis_server.url, patience=9))
    first, copy = comment(1, RIVER), comment(2, RIVER)
    house.send(first, copy)
    assert not house.context(first).is_near_known
    house.drain()
    assert (house.status(first.id), house.status(copy.id)) == ("approved", "trash")


class Forgetful:
    """An index that remembers a submission which the database has not."""

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]]:
        return [(("f" * 32, 0.9),) for _ in newcomers]


class Fair:
    """A text judge that gives every text half."""

    def score(self, many: Sequence[Facts]) -> list[TextScore]:
        return [TextScore(0.5) for _ in many]

    def explain(self, many: Sequence[tuple[Facts, TextScore]]) -> list[TextScore]:
        return [score for _, score in many]


def test_whom_only_the_index_remembers_is_no_sibling(database: Database) -> None:
    house = NearHouse(database, Forgetful())
    first = comment(1, RIVER)
    house.send(first)
    assert house.context(first).siblings == ()


def test_texts_are_scored_when_there_is_a_judge(house: NearHouse) -> None:
    first = comment(1, RIVER)
    house.send(first)
    assert house.context(first).text_score is None
    assert house.context(first, Fair()).text_score == TextScore(0.5)


def test_a_decision_hints_its_delivery(house: NearHouse) -> None:
    house.send(comment(1, RIVER))
    house.drain()
    assert house.hints.sent == [Job.DELIVER]
