"""Trials on their way through Redis: memory that forgets, so that nothing of them is stored."""

import logging
from collections.abc import Collection, Sequence

import msgspec
import redis

from moderator.clients.breaker import Breaker
from moderator.clients.redis.connect import connect, why
from moderator.domain.answering.trial import Trial
from moderator.domain.verdict import Decision
from moderator.intake import from_json, to_json

log = logging.getLogger(__name__)

ASKED = "trials"
KEPT = 15  # seconds: longer than anybody waits
MOST = 1_000  # that wait for a worker
PATIENCE = 0.3  # seconds that Redis has for one answer
FAILURES = (redis.RedisError, OSError)

_encoder = msgspec.json.Encoder(enc_hook=to_json)
_trial = msgspec.json.Decoder(Trial, dec_hook=from_json)
_decision = msgspec.json.Decoder(Decision)


class RedisTrials:
    """Honours domain/trial.py Trials."""

    def __init__(self, redis_url: str, *, prefix: str = "") -> None:
        self._asked, self._tried = f"{prefix}{ASKED}", f"{prefix}tried:"
        self._redis = connect(redis_url, PATIENCE)
        self._breaker = Breaker()

    def ask(self, trial: Trial) -> bool:
        if self._breaker.is_open:
            return False
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.rpush(self._asked, _encoder.encode(trial))
                pipe.ltrim(self._asked, -MOST, -1)
                pipe.expire(self._asked, KEPT)
                pipe.execute()
        except FAILURES as error:
            self._trip(error)
            return False
        return True

    def take(self, limit: int) -> list[Trial]:
        if self._breaker.is_open:
            return []
        try:
            found = self._redis.lpop(self._asked, limit)
        except FAILURES as error:
            self._trip(error)
            return []
        return [_trial.decode(each) for each in found] if isinstance(found, list) else []

    def answer(self, answers: Sequence[tuple[Trial, Decision]]) -> None:
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for trial, decision in answers:
                    pipe.set(self._tried + trial.id, _encoder.encode(decision), ex=KEPT)
                pipe.execute()
        except FAILURES as error:
            self._trip(error)

    def decided(self, ids: Collection[str]) -> dict[str, Decision]:
        """What was answered of those asked for."""
        if not ids or self._breaker.is_open:
            return {}
        named = sorted(ids)
        try:
            found = self._redis.mget([self._tried + id_ for id_ in named])
        except FAILURES as error:
            self._trip(error)
            return {}
        pairs = zip(named, found, strict=True)
        return {id_: _decision.decode(each) for id_, each in pairs if each is not None}

    def _trip(self, error: Exception) -> None:
        self._breaker.trip()
        log.warning("event=trials_failed error=%s", why(error))


class NoTrials:
    """Where there is no Redis: nothing can be tried."""

    def ask(self, trial: Trial) -> bool:
        return False

    def take(self, limit: int) -> list[Trial]:
        return []

    def answer(self, answers: Sequence[tuple[Trial, Decision]]) -> None:
        return None

    def decided(self, ids: Collection[str]) -> dict[str, Decision]:
        return {}
