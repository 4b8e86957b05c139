"""The bell of decisions, over a real Redis that hangs and goes away."""

from queue import SimpleQueue
from threading import Thread

from moderator.clients.breaker import Breaker
from moderator.clients.redis.bell import NoBell, RedisBell
from tests.redis_server import RedisServer

SECONDS = 10.0


def at_once() -> Breaker:
    """One that tries again immediately."""
    return Breaker(rest=0.0)


def test_who_listens_hears_it_ring(redis_url: str) -> None:
    listener, ringer = RedisBell(redis_url), RedisBell(redis_url)
    assert listener.wait(0.0)  # from now on it listens
    heard: SimpleQueue[bool] = SimpleQueue()
    Thread(target=lambda: heard.put(listener.wait(SECONDS * 6)), daemon=True).start()
    ringer.ring()
    assert heard.get(timeout=SECONDS)


def test_after_a_rest_it_listens_again(redis_url: str) -> None:
    bell = RedisBell(redis_url)
    assert bell.wait(0.0)
    bell.rest()
    assert bell.wait(0.0)


def test_without_redis_it_says_that_it_does_not_work(redis_server: RedisServer) -> None:
    bell = RedisBell(redis_server.url, breaker=at_once())
    assert bell.wait(0.0)
    redis_server.stop()
    bell.ring()  # nobody is told, and nothing is raised
    assert not bell.wait(0.01)
    redis_server.start()
    assert bell.wait(0.0)


def test_a_broken_bell_is_left_alone_for_a_while(redis_server: RedisServer) -> None:
    redis_server.stop()
    bell = RedisBell(redis_server.url)
    assert not bell.wait(0.0)
    redis_server.start()
    assert not bell.wait(0.0)


def test_where_there_is_no_redis_nobody_rings() -> None:
    bell = NoBell()
    bell.ring()
    assert not bell.wait(0.0)
    bell.rest()
