"""Celery and the Procfile know every job and every process, and nothing that nobody heeds."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from moderator.domain.queue import Job
from tests.sources import PRODUCT, ROOT, trees


def said_by_celery(asked: str, folder: Path) -> bytes:
    """What a program prints that has imported the tasks as `t`."""
    environment = {**os.environ, "DATA_DIR": str(folder), "REDIS_URL": "redis://127.0.0.1:1/0"}
    answer = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", f"import json, workers.tasks as t; {asked}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    return answer.stdout


def test_celery_knows_one_task_and_one_queue_per_job(tmp_path: Path) -> None:
    asked = (
        "print(json.dumps([[n for n in t.app.tasks if not n.startswith('celery.')],"
        " list(t.app.amqp.queues.consume_from)]))"
    )
    tasks, queues = json.loads(said_by_celery(asked, tmp_path))
    assert sorted(tasks) == sorted(queues) == sorted(job.value for job in Job)


def told_to_celery() -> list[str]:
    """The settings in every `app.conf.update(...)`."""
    return [
        keyword.arg
        for _, tree in trees(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "app.conf.update"
        for keyword in node.keywords
        if keyword.arg is not None
    ]


def test_celery_is_told_only_what_it_heeds(tmp_path: Path) -> None:
    """Nothing that it does by itself, and nothing that pools of processes alone do."""
    told = told_to_celery()
    asked = (
        "from celery.app.defaults import DEFAULTS;"
        f"print(json.dumps([n for n in {told} if t.app.conf[n] == DEFAULTS[n]]))"
    )
    assert len(told) > 5
    assert json.loads(said_by_celery(asked, tmp_path)) == []
    of_processes = re.compile("time_limit|per_child|proc_|lost_wait|putlocks|start_method|hijack")
    assert [name for name in told if of_processes.search(name)] == []
    assert "--pool threads" in processes()["worker"]


def processes() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    pairs = (line.partition(":") for line in lines if line.strip())
    return {name: command.strip() for name, _, command in pairs}


def test_the_procfile_names_every_process() -> None:
    assert set(processes()) == {"web", "worker", "beat"}
