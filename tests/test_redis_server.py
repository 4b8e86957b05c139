import pytest
import redis

from tests.redis_server import RedisServer


def test_the_session_server_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping() is True


def test_an_own_server_hangs_dies_and_returns_empty(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url, socket_timeout=0.05, retry=None) as client:
        client.set("a", "1")
        redis_server.hang()
        with pytest.raises(redis.TimeoutError):
            client.get("a")
        redis_server.stop()
        with pytest.raises(redis.ConnectionError):
            client.get("a")
        redis_server.start()
        assert client.get("a") is None
