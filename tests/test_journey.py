"""The way of one submission, as docs/architecture.md lists it, is the way that one really goes."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import PRODUCT, ROOT, trees

pytestmark = pytest.mark.timeout(120)  # a process that starts web and worker
MOST = 20
ROW = re.compile(r"^\| (\d+) \| `([\w/.]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
# Nobody waits where these begin: bytes come, a thread takes a request, a hint comes, a loop turns.
BEGINNINGS = {
    "moderator/web/server/connection.py",
    "moderator/web/webhook.py",
    "workers/tasks.py",
    "moderator/usecases/deliver.py",
}


def listed() -> list[tuple[str, str]]:
    """The files of the journey, each with the value that it hands on."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    journey = page.partition("\n## The journey of one submission\n")[2].partition("\n## ")[0]
    rows = ROW.findall(journey)
    assert [int(number) for number, *_ in rows] == list(range(1, len(rows) + 1))
    return [(file, value) for _, file, _, value in rows]


def test_it_is_read_in_a_few_files_and_each_hands_on_something_that_exists() -> None:
    files = [file for file, _ in listed()]
    assert 10 < len(files) == len(set(files)) <= MOST
    assert [file for file in files if not (ROOT / file).is_file()] == []
    known = {
        node.name
        for _, tree in trees(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    named = [re.findall(r"`(\w+)`", value) for _, value in listed()]
    assert {name for names in named for name in names} - known == set()
    assert sum(map(bool, named)) > len(files) / 2


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> dict[str, list[str]]:
    """The files that one submission enters, in order, each with who waited for it."""
    folder = tmp_path_factory.mktemp("journey")
    given = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'journey.db'}",
        "REDIS_URL": redis_url,
    }
    answer = subprocess.run(
        [sys.executable, "-m", "tests.journey"],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(answer.stdout)
    return found


def test_one_submission_enters_the_files_in_the_order_of_the_list(
    entered: dict[str, list[str]],
) -> None:
    files = [file for file, _ in listed()]
    assert [file for file in entered if file in files] == files


def test_each_file_is_called_by_one_before_it(entered: dict[str, list[str]]) -> None:
    files = [file for file, _ in listed()]
    uncalled = {
        file
        for place, file in enumerate(files)
        if file in entered and not set(files[:place]) & set(entered[file])
    }
    assert uncalled == BEGINNINGS


def test_every_local_check_is_asked_between_the_context_and_the_policy(
    entered: dict[str, list[str]],
) -> None:
    order = list(entered)
    checks = [place for place, file in enumerate(order) if Path(file).parent.name == "checks"]
    judge = order.index("moderator/domain/judge.py")
    assert judge < min(checks)
    assert all("moderator/domain/judge.py" in entered[order[place]] for place in checks)
