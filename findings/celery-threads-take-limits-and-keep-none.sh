#!/usr/bin/env bash
# celery 5.7.0 (PyPI): a worker takes --time-limit, --soft-time-limit and --max-tasks-per-child with any
# pool. One expects a pool that cannot keep a limit to refuse it or to warn.
# Seen: with --pool threads (and solo) all three are accepted without a word in the log and none is kept: a
# task sleeping four times the soft limit and twice the hard one ends well, and tasks stay in one process.
# With prefork the same command line ends the task at the soft limit and gives each task a new process.
# Why it matters: threads suit work that waits for other servers (fetching the page a linkback names), and
# limits are what keeps one slow server from occupying a worker. Who changes the pool loses them
# silently; time limits then belong into the task, on each request, and memory is to be watched from outside.
# Prints the outcome per pool, and the warnings about limits in the worker's log; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check celery==5.7.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
mkdir "$folder/queue" "$folder/results" "$folder/control"
cat >"$folder/tasks.py" <<'PYTHON'
import os
import pathlib
import time

from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded

FOLDER = pathlib.Path(__file__).parent
app = Celery("tasks", broker="filesystem://", backend=f"file://{FOLDER}/results")
app.conf.broker_transport_options = {
    "data_folder_in": str(FOLDER / "queue"),
    "data_folder_out": str(FOLDER / "queue"),
    "control_folder": str(FOLDER / "control"),
}


@app.task
def fetch_slowly():
    try:
        time.sleep(4)
    except SoftTimeLimitExceeded:
        return "ended at the soft limit"
    return "ran to its end"


@app.task
def process():
    return os.getpid()
PYTHON
cd "$folder"
cat >run.py <<'PYTHON'
import subprocess
import sys

from tasks import fetch_slowly, process

LIMITS = ("--soft-time-limit", "1", "--time-limit", "2", "--max-tasks-per-child", "1")
for pool in ("prefork", "threads", "solo"):
    with open("log", "w+") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tasks", "worker", "--pool", pool, "--concurrency", "1",
             "--loglevel", "INFO", "--without-mingle", "--without-gossip", *LIMITS],
            stdout=log, stderr=subprocess.STDOUT,
        )
        try:
            outcome = fetch_slowly.delay().get(timeout=90)
            processes = {process.delay().get(timeout=90) for _ in range(3)}
        finally:
            worker.terminate()
            worker.wait()
        log.seek(0)
        loud = [line.lower() for line in log if "WARNING/" in line or "ERROR/" in line]
        warned = [line for line in loud if "limit" in line and "exceeded" not in line]
    print(f"{pool:8} {outcome:24} processes of three tasks: {len(processes)}  warnings about limits: {len(warned)}")
PYTHON
"$folder/venv/bin/python" -W ignore run.py | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: the pools keep other limits than seen"; exit 1; }
prefork  ended at the soft limit  processes of three tasks: 3  warnings about limits: 0
threads  ran to its end           processes of three tasks: 1  warnings about limits: 0
solo     ran to its end           processes of three tasks: 1  warnings about limits: 0
SEEN
