"""The Celery app: how hints reach the drains. Start it with `celery -A workers.app worker`."""

import gc
import os
from typing import Any

from celery.signals import (
    setup_logging,
    worker_init,
    worker_ready,
    worker_shutdown,
    worker_shutting_down,
)

from moderator.bootstrap.event_log import set_up_logging
from moderator.bootstrap.parts import celery_app
from moderator.bootstrap.worker import build_worker
from moderator.domain.errors import SettingsError
from moderator.domain.queue import Job
from moderator.settings import Settings
from workers.ending import end_in_time


def _settings() -> Settings:
    """Ends the process with one line where they are wrong."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        raise SystemExit(f"Settings are wrong: {error}") from None
    if not settings.redis_url:
        raise SystemExit("REDIS_URL must name the Redis that hints come through")
    return settings


settings = _settings()
app = celery_app(settings.redis_url, prefix=settings.redis_prefix)
# Of what Celery offers, prefork alone kills what takes long and replaces what grew: in threads the
# code has deadlines of its own, and behind them stands the lease.
app.conf.update(
    imports=("workers.tasks",),
    task_queues={job.value: {"exchange": job.value, "routing_key": job.value} for job in Job},
    worker_prefetch_multiplier=1,
    # A half-open connection is given up after the interval and one second more for what waits for
    # tasks, and after two intervals for what waits for commands.
    broker_transport_options={
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 2,
        "global_keyprefix": settings.redis_prefix,
    },
    broker_connection_timeout=2,
    broker_connection_max_retries=None,
    # Nobody who shares the Redis shall stop our workers, and no channels are needed for it.
    worker_enable_remote_control=False,
)
worker = build_worker(settings)
# A batch makes tens of thousands of objects and next to no cycles: looking for those among them
# again and again took a sixth of the time.
gc.set_threshold(20_000)


@setup_logging.connect
def _log_our_way(**_: Any) -> None:
    set_up_logging(settings)


@worker_init.connect
def _look(sender: Any, **_: Any) -> None:
    # Nobody hears Celery's own signs of life. Where Redis is half-open one is sent again and again,
    # for ever, by the thread that is to hear that all shall end.
    sender.options["without_heartbeat"] = True
    end_in_time(worker.stopping)
    worker.start_late_sweeping()  # whether or not it finds Redis


@worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    worker.warm()
    worker.beat(sender.hostname)


@worker_shutdown.connect
def _end(**_: Any) -> None:
    worker.close()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    worker.stopping.set()
