from datetime import timedelta

import pytest

from moderator.checks.author_history import AuthorPast
from moderator.domain.check import UNCHALLENGED, AuthorHistory
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from moderator.domain.weights import WEIGHTS
from tests.builders import NOON, a_context, a_submission

SECOND = timedelta(seconds=1)
WEEK_AGO = a_context().now - UNCHALLENGED


def test_who_a_person_approved_before_is_welcome() -> None:
    past = AuthorHistory(approved=3, approved_by_person=1, approved_now=0.9, first_seen=NOON)
    finding = AuthorPast().run(a_submission(), a_context(history=past))
    assert (finding.signal, finding.weight) == (Signal.HAM, WEIGHTS["known"])
    assert finding.reason == (
        "A moderator approved comments of this author (3 approved, 0 spam since March 2026)"
    )
    assert finding.evidence == {
        "approved": 3,
        "approved_by_person": 1,
        "spam": 0,
        "spam_by_person": 0,
        "approved_now": 0.9,
        "spam_now": 0.0,
        "first_seen": "2026-03-04T12:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("past", "code", "verdict"),
    [
        (AuthorHistory(), "", Verdict.APPROVE),
        (AuthorHistory(approved=2), "", Verdict.APPROVE),
        (AuthorHistory(approved=3), "", Verdict.APPROVE),
        (AuthorHistory(approved=1, published_at=WEEK_AGO), "published_before", Verdict.APPROVE),
        (AuthorHistory(approved=1, published_at=WEEK_AGO + SECOND), "", Verdict.APPROVE),
        (AuthorHistory(approved=9, spam=1, published_at=WEEK_AGO), "", Verdict.APPROVE),
        (AuthorHistory(spam=1), "", Verdict.APPROVE),
        (AuthorHistory(spam=9), "often_suspected", Verdict.APPROVE),
        (AuthorHistory(spam=1, spam_by_person=1, spam_now=1), "spam_before", Verdict.HOLD),
        (AuthorHistory(approved=5, spam=1, spam_now=1), "spam_before", Verdict.HOLD),
        (AuthorHistory(spam=2, spam_by_person=2, spam_now=1.9), "known_spammer", Verdict.HOLD),
        (AuthorHistory(spam=2, spam_by_person=2, spam_now=0.5), "spam_before", Verdict.HOLD),
        (AuthorHistory(spam=1, spam_by_person=1, spam_now=0.1), "", Verdict.APPROVE),
        (AuthorHistory(1, 1, 2, 2, approved_now=1, spam_now=2), "", Verdict.APPROVE),
    ],
)
def test_what_the_past_says(past: AuthorHistory, code: str, verdict: Verdict) -> None:
    finding = AuthorPast().run(a_submission(), a_context(history=past))
    assert finding.code == code
    assert decide([finding], Policy()).verdict is verdict


@pytest.mark.parametrize(
    ("author", "code"),
    [
        (Author(role="Administrator", is_authenticated=True), "own_staff"),
        (Author(role="editor", is_authenticated=True), "own_staff"),
        (Author(role="administrator"), ""),
        (Author(role="subscriber", is_authenticated=True), ""),
        (Author(trusted=True), "trusted_author"),
    ],
)
def test_the_blogs_own_people_are_welcome(author: Author, code: str) -> None:
    finding = AuthorPast().run(a_submission(author=author), a_context())
    assert finding.code == code
    assert (finding.weight < 0) == bool(code)


def test_who_is_known_is_trusted_unless_the_text_shouts() -> None:
    past = AuthorHistory(approved=1, approved_by_person=1, approved_now=1.0)
    known = AuthorPast().run(a_submission(), a_context(history=past))
    doubts = Finding("spam_text", Signal.SUSPECT, "reads like spam", weight=0.7)
    shout = Finding("spam_text", Signal.SUSPECT, "surely spam", weight=1.0)
    assert decide([known, doubts], Policy()).verdict is Verdict.APPROVE
    assert decide([known, shout], Policy()).verdict is Verdict.HOLD
