"""What `make chaos` is told: a kind or a store that it does not know ends it with one line."""

import os
import subprocess
import sys

import pytest

from integrations.chaos.faults import all_kinds
from integrations.chaos.options import UsageError, read
from tests.processes import ROOT

NEEDS = {"kill": 60, "redis": 20, "postgres": 60}
KINDS = {
    "kill", "stop", "redis", "postgres", "half-open", "disk", "clock", "receiver", "moderators",
    "events", "poison", "deploy", "slow", "versions",
}  # fmt: skip


def test_all_kinds_is_the_default() -> None:
    options = read({}, NEEDS)
    assert (options.store, options.seed, options.faults) == ("sqlite", 1, ("kill", "redis"))


def test_a_store_has_kinds_of_its_own() -> None:
    assert read({"STORE": "postgresql"}, NEEDS).faults == tuple(NEEDS)


def test_the_drain_is_part_of_the_duration() -> None:
    options = read({"DURATION": "100", "FAULTS": "redis"}, NEEDS)
    assert (options.seconds_of_faults, options.drain) == (65, 35)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"STORE": "mysql"}, "STORE=mysql"),
        ({"FAULTS": "redis,fire"}, "FAULTS=fire"),
        ({"FAULTS": ","}, "FAULTS=,"),
        ({"FAULTS": "postgres"}, "FAULTS=postgres"),
        ({"SEED": "one"}, "SEED=one"),
        ({"SEED": "-1"}, "SEED=-1"),
        ({"PACE": "slow"}, "PACE=slow"),
        ({"DURATION": "20"}, "at least 80"),
    ],
)
def test_what_cannot_be_run_is_said(given: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read(given, NEEDS)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert {kind.name for kind in all_kinds()} == KINDS


def test_an_unknown_kind_ends_the_command_with_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "integrations.chaos"],
        env={**os.environ, "FAULTS": "fire"}, cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
