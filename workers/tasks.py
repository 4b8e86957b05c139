"""One task per job, each a single call; which job is named by the task, nothing else is said."""

from moderator.domain.queue import Job
from workers.app import app, worker


@app.task(name=Job.CHECK.value)
def check() -> None:
    worker.drains[Job.CHECK]()


@app.task(name=Job.REACH.value)
def reach() -> None:
    worker.drains[Job.REACH]()


@app.task(name=Job.ASK.value)
def ask() -> None:
    worker.drains[Job.ASK]()


@app.task(name=Job.REVERIFY.value)
def reverify() -> None:
    worker.drains[Job.REVERIFY]()


@app.task(name=Job.DELIVER.value)
def deliver() -> None:
    worker.drains[Job.DELIVER]()


@app.task(name=Job.LEARN.value)
def learn() -> None:
    worker.drains[Job.LEARN]()


@app.task(name=Job.TEACH.value)
def teach() -> None:
    worker.drains[Job.TEACH]()


@app.task(name=Job.TRY.value)
def try_out() -> None:
    worker.drains[Job.TRY]()
