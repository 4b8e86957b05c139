"""One task per job, each a single call; which job is named by the task, nothing else is said."""

from moderator.domain.jobs import Job
from workers.app import app, worker


@app.task(name=Job.CHECK.value, ignore_result=True)
def check() -> None:
    worker.drains[Job.CHECK]()


@app.task(name=Job.REACH.value, ignore_result=True)
def reach() -> None:
    worker.drains[Job.REACH]()


@app.task(name=Job.REVERIFY.value, ignore_result=True)
def reverify() -> None:
    worker.drains[Job.REVERIFY]()


@app.task(name=Job.DELIVER.value, ignore_result=True)
def deliver() -> None:
    worker.drains[Job.DELIVER]()


@app.task(name=Job.LEARN.value, ignore_result=True)
def learn() -> None:
    worker.drains[Job.LEARN]()


@app.task(name=Job.TEACH.value, ignore_result=True)
def teach() -> None:
    worker.drains[Job.TEACH]()
