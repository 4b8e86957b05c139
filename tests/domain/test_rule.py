"""A rule goes through its states, and is live only when tried, and when it earned what it does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.errors import ConflictError, InvalidError
from moderator.domain.rule import (
    EARNED_AMONG,
    MOVES,
    DryRun,
    Rule,
    RuleKind,
    RuleState,
    moved,
    moves,
)
from moderator.domain.rules.changes import RuleChange, taken_back
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from tests.builders import NOON

MARIA = Decider(DeciderKind.MODERATOR, "m1", "Maria")


def a_rule(**changes: object) -> Rule:
    rule = Rule("r1", "blog", RuleKind.LIST, "casino", Verdict.SPAM, MARIA, NOON)
    return replace(rule, **changes)  # type: ignore[arg-type]  # named by the test


def tried(rule: Rule, right: int = 0, wrong: int = 0) -> Rule:
    run = DryRun(rule.digest, read=5_000, caught=right + wrong, right=right, wrong=wrong)
    return replace(rule, dry_run=replace(run, is_done=True))


rules = st.builds(
    a_rule,
    kind=st.sampled_from(RuleKind),
    action=st.sampled_from(Verdict),
    state=st.sampled_from(RuleState),
    what=st.text(max_size=5),
    ends_at=st.sampled_from([None, NOON - timedelta(days=1), NOON + timedelta(days=1)]),
).flatmap(
    lambda rule: st.builds(
        lambda run: replace(rule, dry_run=run),
        st.none()
        | st.builds(
            DryRun,
            of=st.sampled_from([rule.digest, "another"]),
            right=st.integers(0, 3_000),
            wrong=st.integers(0, 5),
            is_done=st.booleans(),
            failed=st.booleans(),
        ),
    )
)


@given(rules, st.lists(st.sampled_from(RuleState), max_size=8))
def test_nothing_is_live_that_was_not_tried_and_nothing_decides_that_did_not_earn_it(
    rule: Rule, path: list[RuleState]
) -> None:
    for to in path:
        before, may = rule, moves(rule, NOON)
        try:
            rule = moved(rule, to, NOON)
        except (ConflictError, InvalidError):
            assert to not in may
            continue
        assert to in may
        assert to in MOVES[before.state_at(NOON)]
        assert rule.version == before.version + 1
        if to is RuleState.LIVE:
            run = rule.dry_run
            assert run is not None
            assert (run.of, run.is_done, run.failed) == (rule.digest, True, False)
            if rule.kind is not RuleKind.LIST and rule.action is not Verdict.HOLD:
                assert run.right + run.wrong >= 1_000
                assert run.right / (run.right + run.wrong) >= 0.9975


@given(rules)
def test_what_ended_by_itself_acts_no_more_and_can_be_drafted_anew(rule: Rule) -> None:
    later = NOON + timedelta(days=2)
    state = rule.state_at(later)
    if rule.ends_at is not None and rule.state is not RuleState.DRAFT:
        assert state is RuleState.EXPIRED
        again = moved(rule, RuleState.DRAFT, later)
        assert (again.state_at(later), again.ends_at) == (RuleState.DRAFT, None)
    else:
        assert state is rule.state


@given(rules, st.sampled_from(RuleState))
def test_every_move_can_be_taken_back(rule: Rule, to: RuleState) -> None:
    if to in moves(rule, NOON):
        after = moved(rule, to, NOON)
        back = taken_back(RuleChange(MARIA, NOON, after, rule), after)
        assert replace(back, version=rule.version) == rule
        assert back.version > after.version


def test_what_was_made_is_expired_when_that_is_taken_back() -> None:
    live = tried(a_rule(state=RuleState.LIVE))
    assert taken_back(RuleChange(MARIA, NOON, live), live).state is RuleState.EXPIRED


def test_nothing_is_taken_back_over_what_came_later() -> None:
    rule = a_rule()
    with pytest.raises(ConflictError):
        taken_back(RuleChange(MARIA, NOON, rule), replace(rule, version=2))


@pytest.mark.parametrize(
    ("right", "wrong", "is_earned"),
    [(EARNED_AMONG, 0, True), (999, 0, False), (1_995, 5, True), (1_994, 6, False)],
)
def test_automatic_action_is_earned(right: int, wrong: int, *, is_earned: bool) -> None:
    pattern = tried(a_rule(kind=RuleKind.PATTERN), right, wrong)
    assert (RuleState.LIVE in moves(pattern, NOON)) is is_earned
    assert RuleState.LIVE in moves(tried(replace(pattern, action=Verdict.HOLD)), NOON)


def test_another_pattern_must_be_tried_anew() -> None:
    rule = tried(a_rule())
    assert RuleState.LIVE in moves(rule, NOON)
    assert RuleState.LIVE not in moves(replace(rule, what="casino\npoker"), NOON)
    assert RuleState.LIVE not in moves(replace(rule, action=Verdict.DISCARD), NOON)
