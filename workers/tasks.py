"""One task per job, each a single call; which job is named by the task, nothing else is said."""

from moderator.domain.queue import Job
from workers.app import app, worker


@app.task(name=Job.CHECK_LOCAL.value)
def check() -> None:
    worker.drains[Job.CHECK_LOCAL]()


@app.task(name=Job.CHECK_REMOTE.value)
def reach() -> None:
    worker.drains[Job.CHECK_REMOTE]()


@app.task(name=Job.ASK_AGAIN.value)
def ask() -> None:
    worker.drains[Job.ASK_AGAIN]()


@app.task(name=Job.REVERIFY.value)
def reverify() -> None:
    worker.drains[Job.REVERIFY]()


@app.task(name=Job.DELIVER.value)
def deliver() -> None:
    worker.drains[Job.DELIVER]()


@app.task(name=Job.TRAIN_SITE_MODEL.value)
def learn() -> None:
    worker.drains[Job.TRAIN_SITE_MODEL]()


@app.task(name=Job.SEND_FEEDBACK.value)
def teach() -> None:
    worker.drains[Job.SEND_FEEDBACK]()


@app.task(name=Job.DIGEST.value)
def digest() -> None:
    worker.drains[Job.DIGEST]()


@app.task(name=Job.TRY.value)
def try_out() -> None:
    worker.drains[Job.TRY]()


@app.task(name=Job.POLL.value)
def poll() -> None:
    worker.drains[Job.POLL]()


@app.task(name=Job.DRY_RUN.value)
def try_rule() -> None:
    worker.drains[Job.DRY_RUN]()
