"""Trials go through Redis, which forgets them."""

import redis

from moderator.clients.redis.trials import ASKED, KEPT, MOST, NoTrials, RedisTrials
from moderator.domain.answering.trial import Trial
from moderator.domain.verdict import Decider, DeciderKind, Decision, Reason, Verdict
from tests.builders import a_pingback, a_submission
from tests.redis_server import RedisServer

SPAM = Decision(
    Verdict.SPAM, Decider(DeciderKind.RULE), (Reason("honeypot_filled", "Filled", 1.0),), 1.0
)


def test_a_trial_comes_to_a_worker_and_its_answer_back(redis_server: RedisServer) -> None:
    asking, working = RedisTrials(redis_server.url), RedisTrials(redis_server.url)
    trials = [Trial(a_submission(id="1")), Trial(a_pingback("https://a.example/", id="2"))]
    assert all(asking.ask(trial) for trial in trials)
    assert working.take(10) == trials
    assert working.take(10) == []
    assert asking.decided({"1", "2"}) == {}
    working.answer([(trials[0], SPAM)])
    assert asking.decided({"1", "2"}) == {"1": SPAM}


def test_redis_forgets_both_by_itself(redis_server: RedisServer) -> None:
    trials = RedisTrials(redis_server.url)
    trials.ask(Trial(a_submission(id="1")))
    trials.answer([(Trial(a_submission(id="2")), SPAM)])
    with redis.Redis.from_url(redis_server.url) as client:
        kept = [client.ttl(key) for key in client.scan_iter()]
    assert len(kept) == 2
    assert all(0 < seconds <= KEPT for seconds in kept)


def test_only_so_many_wait(redis_server: RedisServer) -> None:
    trials = RedisTrials(redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        client.rpush(ASKED, *[b"{}"] * MOST)
        trials.ask(Trial(a_submission()))
        assert client.llen(ASKED) == MOST


def test_without_redis_nothing_is_tried(redis_server: RedisServer) -> None:
    redis_server.stop()
    for trials in (RedisTrials(redis_server.url), NoTrials()):
        assert not trials.ask(Trial(a_submission()))
        assert trials.take(10) == []
        assert trials.decided({"1"}) == {}
        trials.answer([])
