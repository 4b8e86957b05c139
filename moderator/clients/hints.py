"""Says "look now" to the workers through Celery: best effort, without payload, never waited for."""

import logging
import threading
import time
from collections.abc import Callable

import redis
from celery import Celery
from kombu.exceptions import KombuError
from redis.backoff import NoBackoff
from redis.retry import Retry

from moderator.domain.jobs import Job
from moderator.domain.ports import Hints

log = logging.getLogger(__name__)

PATIENCE = 0.3  # seconds that Redis has for one answer
BREAK = 2.0  # seconds in which Redis is left alone after it failed
APART = 0.1  # seconds between two hints of one kind
EXPIRES = 30  # seconds after which a hint that nobody took is forgotten


def celery_app(redis_url: str) -> Celery:
    """A producer; the consumer in workers/app.py adds what concerns consumers."""
    app = Celery("moderator", broker=redis_url)
    app.conf.update(
        task_ignore_result=True,
        task_publish_retry=False,
        task_create_missing_queues=True,
        task_routes={job.value: {"queue": job.value} for job in Job},
        broker_connection_timeout=PATIENCE,
        broker_transport_options={
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "max_retries": 0,
        },
    )
    return app


class CeleryHints:
    """At most one hint per job waits in Redis; who drains clears it and may be hinted again."""

    def __init__(self, redis_url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = celery_app(redis_url)
        self._redis = redis.Redis.from_url(
            redis_url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._clock = clock
        self._closed_until = float("-inf")
        self._told: dict[Job, float] = {}

    def work_is_due(self, job: Job) -> bool:
        """Return whether a hint is on its way (sent now, or waiting already)."""
        now = self._clock()
        if now < self._closed_until:
            return False
        if now - self._told.get(job, float("-inf")) < APART:
            return True
        try:
            if self._redis.set(_key(job), 1, nx=True, ex=EXPIRES):
                self._app.send_task(job.value, expires=EXPIRES, retry=False, ignore_result=True)
        except (redis.RedisError, KombuError, OSError) as error:
            self._closed_until = self._clock() + BREAK
            log.warning("hint failed job=%s error=%s", job, type(error).__name__)
            return False
        self._told[job] = now
        return True

    def clear(self, job: Job) -> None:
        """The drain has begun: the next hint may be sent."""
        self._told.pop(job, None)
        if self._clock() < self._closed_until:
            return
        try:
            self._redis.delete(_key(job))
        except (redis.RedisError, OSError):
            self._closed_until = self._clock() + BREAK


class BackgroundHints:
    """Sends hints from a thread of its own, so that a request never waits for Redis."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._due: dict[Job, None] = {}
        self._wake = threading.Condition()
        threading.Thread(target=self._run, name="hints", daemon=True).start()

    def work_is_due(self, job: Job) -> bool:
        with self._wake:
            self._due[job] = None
            self._wake.notify()
        return True

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._due:
                    self._wake.wait()
                due = list(self._due)
                self._due.clear()
            for job in due:
                self._hints.work_is_due(job)


def _key(job: Job) -> str:
    return f"pending:{job.value}"
