"""Says across processes that decisions were written: a message without content, best effort."""

import logging
import time

import redis
from redis.client import PubSub

from moderator.clients.breaker import Breaker
from moderator.clients.redis.connect import connect, why

log = logging.getLogger(__name__)

CHANNEL = "decided"
PATIENCE = 0.3  # seconds that Redis has for one answer
FAILURES = (redis.RedisError, OSError)


class RedisBell:
    """Honours usecases/watch.py Bell; one thread listens, any thread may ring."""

    def __init__(self, redis_url: str, *, prefix: str = "", breaker: Breaker | None = None) -> None:
        self._channel = f"{prefix}{CHANNEL}"
        self._redis = connect(redis_url, PATIENCE)
        self._breaker = breaker or Breaker()
        self._heard: PubSub | None = None

    def ring(self) -> None:
        """Never raises, and nobody may hear it."""
        if self._breaker.is_open:
            return
        try:
            self._redis.publish(self._channel, b"")
        except FAILURES as error:
            self._breaker.trip()
            log.warning("event=bell_silent error=%s", why(error))

    def wait(self, seconds: float) -> bool:
        if self._breaker.is_open:
            time.sleep(seconds)
            return False
        try:
            heard = self._listening()
            message = heard.get_message(timeout=seconds)
            while message is not None:  # what rang meanwhile is one look too
                message = heard.get_message(timeout=0.0)
        except FAILURES as error:
            log.warning("event=bell_deaf error=%s", why(error))
            self._breaker.trip()
            self.rest()
            return False
        return True

    def rest(self) -> None:
        heard, self._heard = self._heard, None
        if heard is not None:
            heard.close()

    def _listening(self) -> PubSub:
        if self._heard is None:
            heard: PubSub = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis-py
            heard.subscribe(self._channel)
            self._heard = heard
        return self._heard


class NoBell:
    """Where there is no Redis: whoever waits looks on its own."""

    def ring(self) -> None:
        return None

    def wait(self, seconds: float) -> bool:
        time.sleep(seconds)
        return False

    def rest(self) -> None:
        return None
