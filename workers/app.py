"""The Celery app: how hints reach the drains. Start it with `celery -A workers.app worker`."""

import os
from typing import Any

from celery.signals import (
    setup_logging,
    worker_process_init,
    worker_ready,
    worker_shutdown,
    worker_shutting_down,
)

from moderator.bootstrap.parts import celery_app, set_up_logging
from moderator.bootstrap.worker import build_worker
from moderator.domain.errors import SettingsError
from moderator.domain.jobs import Job
from moderator.settings import Settings

settings = Settings.from_environment(os.environ)
if not settings.redis_url:
    raise SettingsError("REDIS_URL must name the Redis that hints come through")
app = celery_app(settings.redis_url)
app.conf.update(
    imports=("workers.tasks",),
    task_queues={job.value: {"exchange": job.value, "routing_key": job.value} for job in Job},
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    task_time_limit=60,
    task_soft_time_limit=45,
    worker_max_memory_per_child=300_000,
    worker_max_tasks_per_child=1_000,
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 5,
    },
    broker_connection_timeout=2,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
)
worker = build_worker(settings)


@setup_logging.connect
def _log_our_way(**_: Any) -> None:
    set_up_logging(settings)


@worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    worker.warm()
    worker.beat(sender.hostname)


@worker_process_init.connect
def _after_fork(**_: Any) -> None:
    worker.forget_connections()


@worker_shutdown.connect
def _end(**_: Any) -> None:
    worker.close()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    worker.stopping.set()
