"""Hints reach Celery's queue once, and trouble with Redis is never the caller's trouble."""

import json
import threading
from base64 import b64decode

import pytest
import redis

from moderator.clients.breaker import Breaker
from moderator.clients.redis.hints import EXPIRES, BackgroundHints, CeleryHints
from moderator.domain.queue import Job
from tests.redis_server import RedisServer


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def client(redis_server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(redis_server.url)


def test_the_first_of_many_sends_a_task_without_payload(
    redis_server: RedisServer, client: redis.Redis
) -> None:
    one, other = (
        CeleryHints(redis_server.url, patience=9),
        CeleryHints(redis_server.url, patience=9),
    )
    assert [hints.work_is_due(Job.CHECK_LOCAL) for hints in (one, one, other, other)] == [True] * 4
    [message] = client.lrange("check", 0, -1)
    envelope = json.loads(message)
    assert envelope["headers"]["task"] == "check"
    assert envelope["headers"]["ignore_result"] is True
    assert envelope["headers"]["expires"]
    assert json.loads(b64decode(envelope["body"]))[:2] == [[], {}]
    assert 0 < client.ttl("pending:check") <= EXPIRES


def test_each_job_has_its_queue(redis_server: RedisServer, client: redis.Redis) -> None:
    hints = CeleryHints(redis_server.url, patience=9)
    for job in Job:
        assert hints.work_is_due(job)
    assert [client.llen(job.value) for job in Job] == [1] * len(Job)


def test_who_drains_clears_the_way_for_the_next_hint(
    redis_server: RedisServer, client: redis.Redis
) -> None:
    hints = CeleryHints(redis_server.url, patience=9)
    hints.work_is_due(Job.CHECK_LOCAL)
    hints.clear(Job.CHECK_LOCAL)
    hints.work_is_due(Job.CHECK_LOCAL)
    assert client.llen("check") == 2


def test_a_dead_redis_is_left_alone_for_a_moment(redis_server: RedisServer) -> None:
    clock = Clock()
    hints = CeleryHints(redis_server.url, patience=9, breaker=Breaker(clock))
    redis_server.stop()
    assert not hints.work_is_due(Job.CHECK_LOCAL)
    redis_server.start()
    assert not hints.work_is_due(Job.CHECK_LOCAL)
    hints.clear(Job.CHECK_LOCAL)
    clock.now += 2
    assert hints.work_is_due(Job.CHECK_LOCAL)


def test_hints_survive_a_restart_of_redis(redis_server: RedisServer) -> None:
    clock = Clock()
    hints = CeleryHints(redis_server.url, patience=9, breaker=Breaker(clock))
    assert hints.work_is_due(Job.CHECK_LOCAL)
    redis_server.stop()
    redis_server.start()
    hints.work_is_due(Job.CHECK_LOCAL)  # may find the old connection dead
    clock.now += 2
    assert hints.work_is_due(Job.CHECK_LOCAL)
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.llen("check") == 1


def test_a_hung_redis_costs_one_time_out(redis_server: RedisServer) -> None:
    clock = Clock()
    hints = CeleryHints(redis_server.url, patience=0.1, breaker=Breaker(clock))
    redis_server.hang()
    assert not hints.work_is_due(Job.CHECK_LOCAL)
    assert not hints.work_is_due(Job.CHECK_LOCAL)
    redis_server.resume()
    assert not hints.work_is_due(Job.CHECK_LOCAL)


def test_a_hint_that_cannot_be_sent_leaves_no_mark(
    redis_server: RedisServer, client: redis.Redis
) -> None:
    client.set("check", "not a list")  # so that publishing fails after the mark was set
    hints = CeleryHints(redis_server.url, patience=9)
    assert not hints.work_is_due(Job.CHECK_LOCAL)
    assert not client.exists("pending:check")


class Slow:
    """Hints that take as long as the test wants."""

    def __init__(self) -> None:
        self.sent: list[Job] = []
        self.go = threading.Semaphore(0)
        self.entered = threading.Semaphore(0)

    def work_is_due(self, job: Job) -> bool:
        self.sent.append(job)
        self.entered.release()
        self.go.acquire()
        return True


def test_a_request_does_not_wait_and_no_hint_is_dropped() -> None:
    slow = Slow()
    hints = BackgroundHints(slow, apart=0)
    assert hints.work_is_due(Job.CHECK_LOCAL)
    assert slow.entered.acquire(timeout=5)
    for _ in range(1000):  # while the first is on its way
        assert hints.work_is_due(Job.CHECK_LOCAL)
    hints.work_is_due(Job.DELIVER)
    slow.go.release(3)
    assert slow.entered.acquire(timeout=5)
    assert slow.entered.acquire(timeout=5)
    assert slow.sent == [Job.CHECK_LOCAL, Job.CHECK_LOCAL, Job.DELIVER]
