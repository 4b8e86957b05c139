"""The suites but for cases that only show that a deadline ends: `make conformance` has those."""

import pytest

from tests.conformance import linkbacks, places, ssrf
from tests.conformance.report import Result
from tests.shared import shared_or_skip

SLOW_BEHAVIOURS = frozenset({"silent", "slow_body", "slow_headers", "length_lie"})
SLOW_CASES = frozenset({"dns-slow", "tls-hang"})


def wrong(results: list[Result]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(r.name, r.got, r.problems) for r in results if not r.is_right]


def test_every_linkback_case_is_judged_right() -> None:
    folder = shared_or_skip("conformance/linkback")
    results, canary = linkbacks.run(folder, leave_out=SLOW_BEHAVIOURS)
    assert len(results) > 100
    assert wrong(results) == []
    assert canary == 0


@pytest.mark.allow_hosts(["127.0.0.1", "::1", ssrf.GOOD])
def test_no_address_leads_inside() -> None:
    cases = places.read_cases(shared_or_skip("conformance/security/ssrf_cases.jsonl"))
    quick = [case for case in cases if case["group"] != "slow" and case["id"] not in SLOW_CASES]
    assert len(quick) > 60
    assert wrong(ssrf.run(quick)) == []
