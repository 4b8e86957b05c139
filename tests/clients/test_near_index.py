"""Near copies are met, in one batch or later, and Redis may vanish at any time."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from moderator.clients.breaker import Breaker
from moderator.clients.redis.hints import CeleryHints
from moderator.clients.redis.near_gap import BANDS_BEGIN
from moderator.clients.redis.near_index import MEMBERS, RedisNearIndex
from moderator.domain.content.fingerprint import near_text
from moderator.domain.ports import SketchedText
from moderator.domain.queue import Job
from moderator.judgement.near.sketch import similarity, sketch
from tests.redis_server import RedisServer

RIVER = (
    "The bridge over the river was finished in 1911, after three floods and two bankruptcies, "
    "and the first to cross it was a goat called Bertha."
)
EDITED = RIVER.replace("three floods", "four floods")
OTHER = (
    "Nobody in this town has ever read the minutes of the council, and that is the whole trouble."
)


def newcomers(texts: Sequence[str], *, site: str = "blog", first: int = 0) -> list[SketchedText]:
    rows = sketch([near_text(text) for text in texts])
    return [
        SketchedText(f"{first + number:032x}", site, row.tobytes())
        for number, row in enumerate(rows)
    ]


@pytest.fixture
def index(redis_server: RedisServer) -> RedisNearIndex:
    return RedisNearIndex(redis_server.url, patience=9)


def ids(matches: tuple[tuple[str, float], ...]) -> list[int]:
    return [int(id_, 16) for id_, _ in matches]


def test_a_near_copy_meets_what_came_before(index: RedisNearIndex) -> None:
    assert index.find_and_add(newcomers([RIVER, OTHER])) == [(), ()]
    met = index.find_and_add(newcomers([EDITED], first=7))
    assert met is not None
    [((original, likeness),)] = met
    rows = sketch([near_text(RIVER), near_text(EDITED)])
    assert int(original, 16) == 0
    assert likeness == pytest.approx(similarity(rows[0], rows[1]), abs=0.05)


def test_texts_of_one_batch_meet_each_other(index: RedisNearIndex) -> None:
    met = index.find_and_add(newcomers([RIVER, OTHER, EDITED, RIVER]))
    assert met is not None
    assert [sorted(ids(matches)) for matches in met] == [[2, 3], [], [0, 3], [0, 2]]


def test_the_closest_comes_first_and_none_is_certain(index: RedisNearIndex) -> None:
    index.find_and_add(newcomers([EDITED, RIVER]))
    met = index.find_and_add(newcomers([RIVER], first=9))
    assert met is not None
    assert ids(met[0]) == [1, 0]
    assert met[0][0][1] < 1  # a sketch cannot tell that two texts are the very same


def test_sites_meet_too(index: RedisNearIndex) -> None:
    index.find_and_add(newcomers([RIVER]))
    met = index.find_and_add(newcomers([EDITED], site="other", first=1))
    assert met is not None
    assert ids(met[0]) == [0]


def test_others_do_not_crowd_out_a_site_s_own_first_copies(index: RedisNearIndex) -> None:
    index.find_and_add(newcomers([RIVER] * (MEMBERS * 3), site="loud"))
    index.find_and_add(newcomers([RIVER] * (MEMBERS * 2), first=1000))
    met = index.find_and_add(newcomers([RIVER], first=9999))
    assert met is not None
    own = sorted(id_ for id_ in ids(met[0]) if id_ >= 1000)
    assert own == list(range(1000, 1000 + MEMBERS))
    assert len(met[0]) == 2 * MEMBERS  # and no more, however many sites there are


def test_a_site_that_came_first_has_no_more_room_than_others(index: RedisNearIndex) -> None:
    """Some of its members stand in the shared band, the others in its own key."""
    index.find_and_add(newcomers([RIVER] * 10))
    index.find_and_add(newcomers([RIVER] * MEMBERS, site="loud", first=100))
    index.find_and_add(newcomers([RIVER] * MEMBERS, first=1000))
    met = index.find_and_add(newcomers([RIVER], first=9999))
    assert met is not None
    own = [id_ for id_ in ids(met[0]) if not 100 <= id_ < 1000]
    assert sorted(own) == [*range(10), *range(1000, 1000 + MEMBERS - 10)]


def test_what_overflowed_ends_no_later_than_its_band(redis_server: RedisServer) -> None:
    index = RedisNearIndex(redis_server.url, patience=9, keep=timedelta(hours=1))
    index.find_and_add(newcomers([RIVER] * MEMBERS, site="loud"))
    with redis.Redis.from_url(redis_server.url) as client:
        bands = client.keys(f"{BANDS_BEGIN}*")
        for key in bands:
            client.expire(key, 60)
        index.find_and_add(newcomers([RIVER], first=1000))
        assert all(client.ttl(key) > 60 for key in bands)


def test_judged_again_it_does_not_meet_itself(
    index: RedisNearIndex, redis_server: RedisServer
) -> None:
    index.find_and_add(newcomers([RIVER]))
    with redis.Redis.from_url(redis_server.url) as client:
        before = [client.strlen(key) for key in sorted(client.keys(f"{BANDS_BEGIN}*"))]
        assert index.find_and_add(newcomers([RIVER])) == [()]
        assert [client.strlen(key) for key in sorted(client.keys(f"{BANDS_BEGIN}*"))] == before


def test_a_hot_campaign_is_capped_at_its_first_members(index: RedisNearIndex) -> None:
    index.find_and_add(newcomers([RIVER] * (MEMBERS * 2)))
    met = index.find_and_add(newcomers([RIVER], first=999))
    assert met is not None
    assert sorted(ids(met[0])) == list(range(MEMBERS))


def test_what_is_remembered_ends(redis_server: RedisServer) -> None:
    RedisNearIndex(redis_server.url, patience=9, keep=timedelta(hours=1)).find_and_add(
        newcomers([RIVER])
    )
    with redis.Redis.from_url(redis_server.url) as client:
        times = [client.ttl(key) for key in client.keys(f"{BANDS_BEGIN}*")]
    assert len(times) == 16
    assert all(0 < seconds <= 3600 for seconds in times)


def test_without_redis_it_knows_nothing_and_comes_back(redis_server: RedisServer) -> None:
    now = [0.0]
    index = RedisNearIndex(redis_server.url, patience=9, breaker=Breaker(lambda: now[0]))
    index.find_and_add(newcomers([RIVER]))
    redis_server.stop()
    assert index.find_and_add(newcomers([RIVER])) is None
    redis_server.start()
    assert index.find_and_add(newcomers([RIVER])) is None  # left alone for a moment
    now[0] += 2
    assert index.find_and_add(newcomers([EDITED], first=1)) == [()]  # empty, and its script gone
    met = index.find_and_add(newcomers([RIVER], first=2))
    assert met is not None
    assert ids(met[0]) == [1]


def test_a_hung_redis_is_no_answer(redis_server: RedisServer) -> None:
    index = RedisNearIndex(redis_server.url, patience=0.1)
    redis_server.hang()
    assert index.find_and_add(newcomers([RIVER])) is None


def test_nobody_meets_nobody(index: RedisNearIndex) -> None:
    assert index.find_and_add([]) == []


@given(texts=st.lists(st.text(min_size=20, max_size=60), min_size=1, max_size=5, unique=True))
def test_any_text_meets_its_repetition(redis_url: str, texts: list[str]) -> None:
    index = RedisNearIndex(redis_url, patience=9)
    rows, site = sketch(texts), repr(texts)
    first = [SketchedText(f"{n:032x}", site, row.tobytes()) for n, row in enumerate(rows)]
    again = [SketchedText(f"{n + 100:032x}", site, row.tobytes()) for n, row in enumerate(rows)]
    met = index.find_and_add([*first, *again])
    assert met is not None
    for number, matches in enumerate(met[: len(texts)]):
        assert number + 100 in ids(matches)


def test_a_redis_that_is_full_forgets_texts_and_no_hints(redis_server: RedisServer) -> None:
    """As the operating docs say of `volatile-ttl`: what has no end is never evicted."""
    hints = CeleryHints(redis_server.url, patience=9)
    assert hints.work_is_due(Job.CHECK_LOCAL)
    index, chosen = RedisNearIndex(redis_server.url, patience=9), random.Random(1)  # noqa: S311
    with redis.Redis.from_url(redis_server.url) as client:
        room = int(client.info("memory")["used_memory"]) + 2_000_000
        client.config_set("maxmemory", room)
        client.config_set("maxmemory-policy", "volatile-ttl")
        for batch in range(8):
            texts = ["".join(chosen.choices("abcdefghij ", k=120)) for _ in range(250)]
            assert index.find_and_add(newcomers(texts, first=1000 * batch)) is not None
        assert int(client.info("stats")["evicted_keys"]) > 0
        hints.clear(Job.CHECK_LOCAL)
        assert hints.work_is_due(Job.CHECK_LOCAL)
        assert client.llen("check") == 2
