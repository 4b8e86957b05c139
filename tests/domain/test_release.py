"""What would have released a comment: the fewest reasons without which it had been approved."""

from datetime import UTC, datetime

import pytest

from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import Judgement
from moderator.domain.pages.release import would_release
from moderator.domain.policy import WAITS, Policy, decide
from moderator.domain.verdict import Decider, DeciderKind, Decision, RecordedDecision, Verdict


def a_finding(code: str, weight: float, signal: Signal = Signal.SUSPECT) -> Finding:
    return Finding("lists", signal, f"Because of {code}", code, weight)


def judged(decision: Decision, *findings: Finding) -> Judgement:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    return Judgement(RecordedDecision("d", "s", 1, at, "queued", decision), findings)


def released(*findings: Finding, policy: Policy | None = None) -> list[str]:
    found = would_release(judged(decide(findings, policy or Policy()), *findings))
    return [reason.code for reason in found]


@pytest.mark.parametrize(
    ("findings", "codes"),
    [
        ([a_finding("a", 0.5)], ["a"]),
        ([a_finding("a", 0.3), a_finding("b", 0.2)], ["a"]),
        ([a_finding("a", 0.3), a_finding("b", 0.3), a_finding("c", 0.3)], ["a", "b"]),
        ([a_finding("a", 1.0, Signal.SPAM), a_finding("b", 0.3)], ["a"]),
        ([a_finding("a", 0.6), a_finding("good", -0.1, Signal.HAM)], ["a"]),
        ([a_finding(WAITS, 0.0)], [WAITS]),
        ([a_finding(WAITS, 0.0), a_finding("a", 0.5), a_finding("b", 0.1)], [WAITS, "a"]),
        ([a_finding("copy", 0.0, Signal.REDUNDANT), a_finding("a", 0.1)], ["copy"]),
        ([a_finding("a", 0.1)], []),
        ([], []),
    ],
)
def test_the_fewest_reasons_are_named(findings: list[Finding], codes: list[str]) -> None:
    assert released(*findings) == codes


def test_what_a_check_that_mattered_left_open_is_named() -> None:
    silent = Finding("akismet", Signal.UNAVAILABLE, "It gave no answer", "no_answer")
    assert released(silent) == ["no_answer"]
    assert released(silent, a_finding("a", 0.1)) == ["no_answer"]
    assert released(silent, a_finding("a", 0.5)) == ["a", "no_answer"]


def test_a_site_s_own_factors_and_bounds_count() -> None:
    policy = Policy(hold_at=0.8, factors={"lists": 2.0})
    assert released(a_finding("a", 0.3), a_finding("b", 0.2), policy=policy) == ["a"]


def test_of_a_person_s_word_nothing_is_said() -> None:
    maria = Decider(DeciderKind.MODERATOR, "m", "Maria")
    assert would_release(judged(Decision(Verdict.SPAM, maria), a_finding("a", 0.5))) == ()
