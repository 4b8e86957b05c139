"""What thresholds would do: by bands of the score, and honest about what nobody decided."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.finding import Finding, Signal
from moderator.domain.history.record import PastVerdict
from moderator.domain.policy import Moderation, Policy, verdict_of
from moderator.domain.rules.thresholds import (
    ENOUGH,
    HOLDS,
    SPAMS,
    Setting,
    ThresholdItem,
    estimate,
    item_of,
    table,
    why_not,
)
from moderator.domain.verdict import Verdict
from tests.builders import a_submission

APPROVE, SPAM = Verdict.APPROVE, Verdict.SPAM


def past(score: float, by_person: Verdict | None = None, *more: Finding) -> PastVerdict:
    said = Finding("akismet", Signal.SUSPECT, "Weighs", "weighs", score)
    return PastVerdict(a_submission(), Verdict.HOLD, score, (said, *more), by_person)


def items(*many: tuple[int, float, Verdict | None]) -> list[ThresholdItem]:
    found = [
        item_of(past(score, said), Policy()) for number, score, said in many for _ in range(number)
    ]
    return [item for item in found if item is not None]


def at(settings: tuple[Setting, ...], score: float) -> Setting:
    return next(one for one in settings if one.at == score)


def test_each_band_counts_as_often_as_it_occurs() -> None:
    """900 low ones of which 50 were decided, 1 of them spam; 100 doubtful ones, all decided."""
    found = items(
        (850, 0.05, None), (49, 0.05, APPROVE), (1, 0.05, SPAM),
        (50, 0.45, APPROVE), (50, 0.45, SPAM),
    )  # fmt: skip
    holds = table(found, Policy()).holds
    now, later = at(holds, 0.4), at(holds, 0.5)
    assert (now.is_current, now.chosen, now.wrong.per_1000) == (True, 900.0, 18.0)
    assert (later.chosen, later.wrong.per_1000) == (1000.0, 68.0)
    assert now.wrong.low < 18.0 < now.wrong.high
    assert now.wrong.is_enough


def test_what_nobody_decided_about_is_not_known() -> None:
    found = items((500, 0.05, None), (400, 0.25, APPROVE), (100, 0.95, SPAM))
    told = table(found, Policy())
    now = at(told.holds, 0.4)
    assert (now.wrong.per_1000, now.wrong.is_enough) == (0.0, False)
    assert now.wrong.high > 490
    assert now.wrong.blind > 0.5
    spam = at(told.spams, 0.9)
    assert (spam.chosen, spam.wrong.per_1000, spam.wrong.is_enough) == (100.0, 0.0, True)
    assert not at(told.spams, 1.0).wrong.is_enough


def test_few_decisions_are_too_few() -> None:
    found = items((ENOUGH - 1, 0.05, APPROVE))
    assert not at(table(found, Policy()).holds, 0.4).wrong.is_enough
    more = items((ENOUGH, 0.05, APPROVE))
    assert at(table(more, Policy()).holds, 0.4).wrong.is_enough


def test_nothing_is_expected_of_nothing() -> None:
    told = table([], Policy())
    assert (told.read, told.decided) == (0, 0)
    assert not any(one.wrong.is_enough for one in (*told.holds, *told.spams))


def test_a_threshold_of_the_sites_own_stands_in_the_table() -> None:
    holds = table([], Policy(hold_at=0.33)).holds
    assert [one.at for one in holds if one.is_current] == [0.33]
    assert len(holds) == len(HOLDS) + 1


def test_what_repeats_or_waits_anyway_is_no_matter_of_thresholds() -> None:
    copy = Finding("duplicate", Signal.REDUNDANT, "A copy", "duplicate")
    assert item_of(past(0.0, None, copy), Policy()) is None
    waits = item_of(past(0.0, None, Finding("waits", Signal.SUSPECT, "Waits", "waits")), Policy())
    assert waits is not None
    assert at(table([waits], Policy()).holds, 0.4).chosen == 0.0


scores = st.sampled_from([0.0, 0.1, 0.25, 0.39, 0.4, 0.55, 0.7, 0.89, 0.9, 1.2, 3.0])
stored = st.lists(
    st.tuples(st.just(1), scores, st.sampled_from([None, APPROVE, SPAM])), max_size=60
)


@given(stored)
def test_the_table_says_what_the_judge_would_say(
    many: list[tuple[int, float, Verdict | None]],
) -> None:
    found = items(*many)
    told = table(found, Policy())
    for one in told.holds:
        policy = Policy(hold_at=one.at, spam_at=9)
        number = sum(verdict_of(past(score).findings, policy) is APPROVE for _, score, _ in many)
        assert one.chosen == pytest.approx(1000 * number / max(len(many), 1), abs=0.1)
    for one in told.spams:
        policy = Policy(hold_at=0.01, spam_at=one.at)
        number = sum(verdict_of(past(score).findings, policy) is SPAM for _, score, _ in many)
        assert one.chosen == pytest.approx(1000 * number / max(len(many), 1), abs=0.1)


@given(stored)
def test_more_is_approved_and_less_is_spam_the_higher_the_threshold(
    many: list[tuple[int, float, Verdict | None]],
) -> None:
    told = table(items(*many), Policy())
    for settings, sign in ((told.holds, 1), (told.spams, -1)):
        chosen = [sign * one.chosen for one in settings]
        assert chosen == sorted(chosen)
    for one in (*told.holds, *told.spams):
        assert 0 <= one.wrong.low <= one.wrong.per_1000 <= one.wrong.high <= max(one.chosen, 0.1)


def test_an_estimate_of_one_band_is_wilsons() -> None:
    """1 of 10 is wrong: .0179 to .4042 (Brown, Cai and DasGupta 2001), in half of what came."""
    found = items((9, 0.05, APPROVE), (1, 0.05, SPAM), (10, 0.95, None))
    one = estimate(found[:10], len(found), lambda item: item.by_person is SPAM)
    assert (one.per_1000, one.low, one.high) == (50.0, 8.9, 202.1)


@pytest.mark.parametrize("moderation", Moderation)
def test_when_people_look_changes_no_number(moderation: Moderation) -> None:
    policy = Policy(moderation=moderation)
    assert item_of(past(0.5, SPAM), policy) == item_of(past(0.5, SPAM), Policy())


@pytest.mark.parametrize(
    ("wanted", "right", "wrong", "is_earned"),
    [
        (Policy(spam_at=0.5), 1_000, 0, True),
        (Policy(spam_at=0.5), 999, 0, False),
        (Policy(spam_at=0.5), 1_000, 3, False),
        (Policy(hold_at=0.7), 0, 1_000, True),
        (Policy(hold_at=0.7), 3, 1_000, False),
        (Policy(hold_at=0.2, spam_at=1.5), 0, 0, True),
    ],
)
def test_deciding_more_must_be_earned(
    wanted: Policy, right: int, wrong: int, *, is_earned: bool
) -> None:
    """Of score .6: `right` were spam by people's word, `wrong` were not."""
    history = [past(0.6, SPAM)] * right + [past(0.6, APPROVE)] * wrong
    assert (why_not(history, Policy(), wanted) == "") is is_earned


def test_settings_go_up() -> None:
    assert list(HOLDS) == sorted(HOLDS)
    assert list(SPAMS) == sorted(SPAMS)
    assert replace(Policy()).spam_at in SPAMS
