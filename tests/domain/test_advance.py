"""What is decided in advance takes, and what it leaves as it was judged."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.decisions.advance import AdvanceRuling, Joined, in_advance
from moderator.domain.verdict import Decider, DeciderKind, Decision, Verdict
from tests.builders import NOON

MOD = Decider(DeciderKind.MODERATOR, "m1", "Maria")
RULE = Decider(DeciderKind.RULE, "policy", "the service")
SPAM = AdvanceRuling("r", "c", "blog", Verdict.SPAM, MOD, "act", NOON, NOON + timedelta(days=7))
FINE = replace(SPAM, verdict=Verdict.APPROVE)
NEAR, LOOSE = Joined(is_near=True, is_trusted=False), Joined(is_near=False, is_trusted=False)
TRUSTED, ELSEWHERE = replace(NEAR, is_trusted=True), replace(NEAR, new_hosts=("new.test",))
LATER = NOON + timedelta(days=1)


def judged(verdict: Verdict) -> Decision:
    return Decision(verdict, RULE, score=0.6, hold_at=0.5, spam_at=0.9)


@pytest.mark.parametrize(
    ("ruling", "verdict", "joined", "applies"),
    [
        (SPAM, Verdict.HOLD, NEAR, True),
        (SPAM, Verdict.HOLD, LOOSE, True),
        (SPAM, Verdict.APPROVE, NEAR, True),
        (SPAM, Verdict.APPROVE, LOOSE, False),
        (SPAM, Verdict.APPROVE, TRUSTED, False),
        (SPAM, Verdict.DISCARD, NEAR, False),
        (SPAM, None, LOOSE, True),
        (FINE, Verdict.HOLD, NEAR, True),
        (FINE, Verdict.HOLD, ELSEWHERE, False),
        (FINE, Verdict.SPAM, NEAR, False),
        (FINE, None, NEAR, False),
    ],
)
def test_what_it_takes_and_what_it_leaves(
    ruling: AdvanceRuling, verdict: Verdict | None, joined: Joined, *, applies: bool
) -> None:
    decision = in_advance(ruling, None if verdict is None else judged(verdict), joined, LATER)
    assert (decision is not None) == applies
    if decision is not None:
        assert decision.verdict is ruling.verdict
        assert decision.decided_by == Decider(DeciderKind.RULE, "ahead", "Maria")
        assert not decision.decided_by.kind.is_person
        assert "Maria decided this about everything like it" in decision.reasons[0].text


@given(
    st.timedeltas(timedelta(days=-20), timedelta(days=20)),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=7)),
)
def test_it_holds_from_when_it_was_made_until_it_ends(
    after: timedelta, revoked: timedelta | None
) -> None:
    ruling = SPAM if revoked is None else replace(SPAM, revoked_at=NOON + revoked)
    is_live = in_advance(ruling, judged(Verdict.HOLD), NEAR, NOON + after) is not None
    assert is_live == (revoked is None and timedelta(0) <= after < timedelta(days=7))
