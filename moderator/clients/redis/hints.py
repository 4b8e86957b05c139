"""Hints: Celery messages without payload that wake a worker; best effort, never waited for."""

import logging
import os
import threading
import time

import redis
from celery import Celery
from kombu.exceptions import KombuError

from moderator.clients.breaker import Breaker
from moderator.clients.redis.connect import connect, plain, tls_of, why
from moderator.domain.ports import Hints
from moderator.domain.queue import Job

FAILURES = (redis.RedisError, KombuError, OSError)

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.3  # seconds that Redis has for one answer
# Seconds between two hints of one kind. The pending key already keeps a flood to one task; a longer
# pause would be added to the latency of whatever comes just after a drain has ended.
APART = 0.01
EXPIRES = 30  # seconds after which a hint that nobody took is forgotten


def celery_app(redis_url: str, *, prefix: str = "", patience: float = PATIENCE_SECONDS) -> Celery:
    """A producer; the consumer in workers/app.py adds what concerns consumers.

    `prefix` begins the name of every key, queue and channel.
    """
    app = Celery("moderator", broker=plain(redis_url))
    if tls := tls_of(redis_url):
        app.conf.broker_use_ssl = tls
    app.conf.update(
        task_ignore_result=True,
        task_publish_retry=False,
        task_routes={job.value: {"queue": job.value} for job in Job},
        broker_connection_timeout=patience,
        broker_transport_options={
            "socket_timeout": patience,
            "socket_connect_timeout": patience,
            "max_retries": 0,
            "global_keyprefix": prefix,
        },
    )
    return app


class CeleryHints:
    """At most one hint per job waits in Redis; who drains clears it and may be hinted again."""

    def __init__(
        self,
        redis_url: str,
        *,
        prefix: str = "",
        patience: float = PATIENCE_SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        self._app = celery_app(redis_url, prefix=prefix, patience=patience)
        self._pending = f"{prefix}pending:"
        self._redis = connect(redis_url, patience)
        self._breaker = breaker or Breaker()

    def work_is_due(self, job: Job) -> bool:
        """Return whether a hint is on its way (sent now, or waiting already)."""
        if self._breaker.is_open:
            return False
        try:
            if self._redis.set(self._key(job), 1, nx=True, ex=EXPIRES):
                self._send(job)
        except FAILURES as error:
            self._breaker.trip()
            log.warning("hint failed job=%s error=%s", job, why(error))
            return False
        return True

    def clear(self, job: Job) -> None:
        """The drain has begun: the next hint may be sent."""
        if self._breaker.is_open:
            return
        try:
            self._redis.delete(self._key(job))
        except FAILURES as error:
            self._breaker.trip()
            log.warning("clear failed job=%s error=%s", job, why(error))

    def _send(self, job: Job) -> None:
        try:
            self._app.send_task(job.value, expires=EXPIRES, retry=False, ignore_result=True)
        except FAILURES:
            # Nobody was told, so nobody may believe that a hint is waiting.
            self._redis.delete(self._key(job))
            raise

    def _key(self, job: Job) -> str:
        return f"{self._pending}{job.value}"


class NoHints:
    """Where there is no Redis: nobody can be told, so whoever finds work does it."""

    def work_is_due(self, job: Job) -> bool:
        return False

    def clear(self, job: Job) -> None:
        return None


class BackgroundHints:
    """Sends hints from a thread of its own, so that a request never waits for Redis.

    What becomes due while a hint is sent, or shortly after, is said in one hint more: none is
    dropped. The thread starts at the first hint, and again in a forked process.
    """

    def __init__(self, hints: Hints, *, apart: float = APART) -> None:
        self._hints = hints
        self._apart = apart
        self._due: dict[Job, None] = {}
        self._wake = threading.Condition()
        self._process = 0

    def work_is_due(self, job: Job) -> bool:
        if self._process != os.getpid():
            self._start()
        with self._wake:
            self._due[job] = None
            self._wake.notify()
        return True

    def _start(self) -> None:
        with self._wake:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            threading.Thread(target=self._run, name="hints", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._due:
                    self._wake.wait()
                due = list(self._due)
                self._due.clear()
            for job in due:
                self._hints.work_is_due(job)
            time.sleep(self._apart)
