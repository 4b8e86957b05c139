import pytest

from moderator.checks.author_history import AuthorPast
from moderator.domain.check import AuthorHistory
from moderator.domain.finding import Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from tests.builders import NOON, a_context, a_submission


def test_who_a_person_approved_before_is_welcome() -> None:
    past = AuthorHistory(approved=3, approved_by_person=1, approved_now=0.9, first_seen=NOON)
    finding = AuthorPast().run(a_submission(), a_context(history=past))
    assert (finding.signal, finding.weight) == (Signal.HAM, -0.3)
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
        (AuthorHistory(approved=3), "often_approved", Verdict.APPROVE),
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
