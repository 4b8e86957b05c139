from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.host_reputation import NO_DOUBT, HostReputation
from moderator.checks.spam_text import ReadsLikeSpam
from moderator.domain.check import TextScore
from moderator.domain.history.reputation import HALF_LIFE, Reputation
from moderator.domain.policy import Policy, decide
from moderator.domain.verdict import Verdict
from tests.builders import NOON, a_context, a_submission


def past(approved: int = 0, spam: int = 0, age: timedelta = timedelta(0)) -> Reputation:
    told = Reputation()
    for is_spam, count in ((False, approved), (True, spam)):
        if count:
            then = NOON - age
            told = told.after(is_spam=is_spam, decided_at=then, now=NOON, count=count)
    return told


@pytest.mark.parametrize(
    ("told", "code", "verdict"),
    [
        (past(), "", Verdict.APPROVE),
        (past(approved=1), "host_approved", Verdict.APPROVE),
        (past(spam=1), "host_spam", Verdict.APPROVE),
        (past(spam=3), "host_often_spam", Verdict.HOLD),
        (past(spam=300), "host_often_spam", Verdict.HOLD),
        (past(approved=1, spam=1), "", Verdict.APPROVE),
        (past(approved=1, spam=9), "host_often_spam", Verdict.HOLD),
        (past(approved=9, spam=1), "host_approved", Verdict.APPROVE),
        (past(spam=3, age=HALF_LIFE), "host_spam", Verdict.APPROVE),
        (past(spam=3, age=5 * HALF_LIFE), "", Verdict.APPROVE),
    ],
)
def test_what_people_decided_about_a_host(told: Reputation, code: str, verdict: Verdict) -> None:
    """However often it was spam, a host alone never makes a comment spam."""
    finding = HostReputation().run(a_submission(), a_context(hosts={"shop.example": told}))
    assert finding.code == code
    assert decide([finding], Policy()).verdict is verdict


def test_the_finding_says_why() -> None:
    hosts = {"news.example": past(approved=3)}
    finding = HostReputation().run(a_submission(), a_context(hosts=hosts))
    told = "People here approved what names news.example (3 approved, 0 spam since March 2026)"
    assert finding.reason == told
    assert finding.evidence == {"hosts": {"news.example": "3 approved, 0 spam since March 2026"}}


def test_one_bad_host_outweighs_a_good_one() -> None:
    hosts = {"news.example": past(approved=9), "shop.example": past(spam=1)}
    assert HostReputation().run(a_submission(), a_context(hosts=hosts)).code == "host_spam"


def test_a_stranger_beside_a_good_host_is_not_welcome_yet() -> None:
    hosts = {"news.example": past(approved=9), "new.example": past()}
    finding = HostReputation().run(a_submission(), a_context(hosts=hosts))
    assert (finding.weight, finding.reason) == (0.0, "The host new.example was never seen here")


def verdict(score: TextScore, spam: int) -> Verdict:
    context = a_context(hosts={"shop.example": past(spam=spam)}, text_score=score)
    submission = a_submission("I bought mine at https://shop.example and it is rather bright")
    findings = [check.run(submission, context) for check in (HostReputation(), ReadsLikeSpam())]
    return decide(findings, Policy()).verdict


@given(
    st.floats(0, NO_DOUBT, exclude_max=True),
    st.booleans(),
    st.integers(1, 300),
)
def test_one_lesson_is_not_counted_twice(chance: float, is_familiar: bool, spam: int) -> None:  # noqa: FBT001  # drawn
    """The decisions that gave the host its name taught the text model as well."""
    assert verdict(TextScore(chance, is_familiar=is_familiar), spam) is not Verdict.SPAM


@given(st.integers(1, 300))
def test_an_unknown_language_is_held_whatever_its_host_did(spam: int) -> None:
    assert verdict(TextScore(0.99, is_familiar=False), spam) is Verdict.HOLD


def test_what_is_surely_spam_is_condemned_with_its_host() -> None:
    assert verdict(TextScore(0.95), 3) is Verdict.SPAM
