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
