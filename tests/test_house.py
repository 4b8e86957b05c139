"""The house's own rules as tests: how long, how nested, how documented code may be."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import LocalCheck, RemoteCheck
from moderator.domain.queue import Job

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("moderator", "workers")
EVERYTHING = (*PRODUCT, "tests", "benchmarks", "integrations")
FILE_LINES = 300
FUNCTION_LINES = 40
# One case for each kind of step that a pattern can take.
ONE_MATCH = {"tests/linear/steps.py:_run"}
CHECKS: tuple[LocalCheck | RemoteCheck, ...] = (*LOCAL, *REMOTE)
# Where what goes wrong with one piece of work is kept from its neighbours.
EDGES = {
    "moderator/storage/intake/group_commit.py",
    "moderator/storage/intake/rows.py",
    "moderator/usecases/judge/local.py",
    "moderator/web/server/call.py",
    "moderator/web/webhook.py",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sources(*folders):
        yield name_of(path), parsed(path)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            yield node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_is_long() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in sources(*EVERYTHING)}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_most_files_are_short() -> None:
    lengths = [len(path.read_text().splitlines()) for path in sources(*PRODUCT)]
    assert median(lengths) < 100


def test_no_function_is_long() -> None:
    long = {
        f"{name}:{function.name}": lines_of(function)
        for name, tree in trees(*EVERYTHING)
        for function in functions(tree)
        if lines_of(function) > FUNCTION_LINES
    }
    assert long.keys() <= ONE_MATCH


def test_most_functions_are_short() -> None:
    lengths = [lines_of(f) for _, tree in trees(*PRODUCT) for f in functions(tree)]
    assert median(lengths) < 12


# A sweeper that never stands in for the workers holds neither the spam model nor any client.
LAZY = frozenset({"moderator/bootstrap/worker.py"})


def test_imports_stand_at_the_top() -> None:
    hidden = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*PRODUCT)
        if name not in LAZY
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*EVERYTHING)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def catches_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(named & {"Exception", "BaseException"})


def test_only_the_edges_of_jobs_catch_everything() -> None:
    places = {
        name
        for name, tree in trees(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node)
    }
    assert places == EDGES


def is_capped(power: ast.BinOp) -> bool:
    """Whether it shrinks, or what it is raised to is written down, or the smaller of two."""
    base, exponent = power.left, power.right
    if isinstance(base, ast.Constant) and isinstance(base.value, float) and base.value <= 1:
        return True
    is_least = isinstance(exponent, ast.Call) and ast.unparse(exponent.func) == "min"
    return is_least or isinstance(exponent, ast.Constant)


def test_no_wait_is_doubled_without_end() -> None:
    """What failed a thousand times must still get a date."""
    endless = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not is_capped(node)
    ]
    plugin = sorted((ROOT / "integrations").rglob("*.php"))
    endless += [
        f"{name_of(path)}: {found}"
        for path in plugin
        for found in re.findall(r"[0-9] \*\* (?!min\(|[0-9]+\b).*", path.read_text())
    ]
    assert plugin
    assert endless == []


def test_every_module_says_why_it_exists() -> None:
    silent = [name for name, tree in trees(*PRODUCT) if not ast.get_docstring(tree)]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "helpers", "common", "manager", "handler", "data", "info", "misc"}
    assert [name_of(path) for path in sources(*PRODUCT) if path.stem in vague] == []


@pytest.mark.parametrize("check", CHECKS, ids=[check.name for check in CHECKS])
def test_every_check_has_a_file_and_a_test(check: LocalCheck | RemoteCheck) -> None:
    file = ROOT / (type(check).__module__.replace(".", "/") + ".py")
    assert file.parent == ROOT / "moderator" / "checks"
    spoken = "".join(path.read_text() for path in sources("tests"))
    assert type(check).__module__ in spoken


def test_check_names_are_unique() -> None:
    names = [check.name for check in CHECKS]
    assert sorted(set(names)) == sorted(names)


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
    assert set(processes()) == {"web", "worker", "beat", "release"}
