"""A worker with the sweeper in it: one process less where one machine runs everything.

Start it with `celery -A workers.together worker`. It sweeps from its start on, whether or not it
finds Redis.
"""

from celery.signals import worker_init

from workers.app import app, worker

__all__ = ["app"]


@worker_init.connect
def _sweep(**_: object) -> None:
    worker.start_sweeping()
