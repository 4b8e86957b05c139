"""Every case of Akismet's protocol, must and should, against the service as it really runs."""

import pytest

from tests.conformance import akismet
from tests.shared import shared_or_skip


@pytest.mark.timeout(180)
def test_every_case_of_the_protocol_is_answered_right() -> None:
    folder = shared_or_skip("conformance/akismet")
    with akismet.ground() as ground:
        tried = akismet.run(folder, ground)
    lines = tried.stdout.splitlines()
    assert [line for line in lines if line.startswith(("FAIL", "SKIP"))] == []
    assert sum(line.startswith("PASS") for line in lines) > 50, tried.stdout + tried.stderr
