from pathlib import Path

import pytest

from moderator.storage.base.database import Database
from moderator.web.server.serve import RequestLimits
from tests.conformance.bad_input_ground import a_ground
from tests.conformance.bad_inputs import CASES, read_cases, run_case
from tests.shared import shared_or_skip

# One drip case takes its time by nature: a short deadline and a quick drip show the same.
QUICK = RequestLimits(request_seconds=0.5, linger_seconds=0.2)


@pytest.mark.timeout(120)
def test_every_bad_input_is_answered_as_it_should_be(database: Database, tmp_path: Path) -> None:
    cases = read_cases(shared_or_skip(CASES))
    with a_ground(database, tmp_path, limits=QUICK, pace=0.05) as ground:
        outcomes = [run_case(case, ground) for case in cases]
    assert [outcome.line for outcome in outcomes if outcome.faults] == []
