import pytest

from moderator.checks.disposable_email import DisposableEmail
from moderator.domain.finding import Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_submission


@pytest.mark.parametrize("email", ["a@mailinator.com", "a@x.Mailinator.com "])
def test_a_throw_away_address_is_noted_and_approved(email: str) -> None:
    finding = DisposableEmail().run(a_submission(author=Author(email=email)), a_context())
    assert (finding.signal, finding.evidence) == (Signal.SUSPECT, {"domain": "mailinator.com"})
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


@pytest.mark.parametrize("email", ["", "alice@example.org", "mailinator.com@example.org", "@"])
def test_other_addresses_say_nothing(email: str) -> None:
    finding = DisposableEmail().run(a_submission(author=Author(email=email)), a_context())
    assert finding.signal is Signal.NEUTRAL
