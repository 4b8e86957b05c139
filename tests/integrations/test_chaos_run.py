"""A short run of the chaos harness with the real service, by `make test-all` alone: a minute."""

import json
import os
import subprocess
import sys

import pytest

from integrations.chaos.report import COUNTS
from tests.processes import ROOT

SHORT = {"STORE": "sqlite", "SEED": "1", "DURATION": "55", "FAULTS": "redis,receiver,moderators"}


@pytest.mark.skipif(not os.environ.get("EVERY_STATE"), reason="`make test-all` runs it")
@pytest.mark.timeout(240)
def test_a_short_run_keeps_every_promise_but_those_of_time() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "integrations.chaos"],
        env={**os.environ, **SHORT}, cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    line = json.loads(done.stdout.splitlines()[-1])
    assert {name: line[name] for name, _ in COUNTS} == {name: 0 for name, _ in COUNTS}
    assert line["faults"] > 5
    assert line["accepted"] > 20
    assert "BROKEN answers" not in done.stdout
    assert "BROKEN faults" not in done.stdout
