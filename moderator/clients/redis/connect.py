"""A link to Redis that answers soon or fails: nobody waits for Redis, and nobody tries twice."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def connect(redis_url: str, patience: float) -> redis.Redis:
    """`patience` is in seconds, for connecting and for each answer. Opens nothing yet."""
    return redis.Redis.from_url(
        redis_url,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
    )


def ask_redis(url: str) -> str:
    """One line about a Redis. Raises OSError when it does not answer."""
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            found = client.info()
            policy = found.get("maxmemory_policy", "unknown")
            return f"version {found.get('redis_version')}, {policy}"
    except redis.RedisError as error:
        raise OSError(type(error).__name__) from error
