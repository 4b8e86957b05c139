"""A link to Redis that answers soon or fails: nobody waits for Redis, and nobody tries twice."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from moderator.domain.pages.health import RedisReport


def connect(redis_url: str, patience: float) -> redis.Redis:
    """`patience` is in seconds, for connecting and for each answer. Opens nothing yet."""
    return redis.Redis.from_url(
        redis_url,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
    )


def tls_of(redis_url: str) -> Mapping[str, object]:
    """What Celery must be told of a rediss:// URL; nothing for another.

    Left alone it connects to such a server without looking at its certificate (kombu 5.7).
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "rediss":
        return {}
    asked = dict(parse_qsl(parts.query))
    is_open = asked.get("ssl_cert_reqs") == "none"
    checks_host = not is_open and asked.get("ssl_check_hostname", "true") == "true"
    return {"ssl_cert_reqs": "required", **asked, "ssl_check_hostname": checks_host}


def plain(redis_url: str) -> str:
    """The URL without what it says of TLS."""
    return redis_url.partition("?")[0]


def why(error: Exception) -> str:
    """In one line; for the operator. No key and no value is named by what a server refuses."""
    words = str(error).partition("\n")[0].strip().rstrip(".")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def ask_redis(url: str) -> RedisReport:
    """What a Redis says of itself. Raises OSError, and PermissionError where it does not let us."""
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return _about(client)
    except redis.AuthenticationError as error:
        raise PermissionError(why(error)) from error
    except redis.RedisError as error:
        raise OSError(why(error)) from error


def _about(client: redis.Redis) -> RedisReport:
    client.ping()
    try:
        found = client.info()
    except redis.exceptions.NoPermissionError:
        return RedisReport("unknown (INFO is not for this user)", "unknown")
    policy = str(found.get("maxmemory_policy", "unknown"))
    return RedisReport(str(found.get("redis_version")), policy)
