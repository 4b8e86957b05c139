from moderator.checks.honeypot import Honeypot
from moderator.domain.finding import Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Request
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_submission


def test_a_filled_field_is_spam() -> None:
    request = Request(honeypot_name="website2", honeypot_value="x" * 300)
    finding = Honeypot().run(a_submission(request=request), a_context())
    assert (finding.signal, finding.code) == (Signal.SPAM, "honeypot_filled")
    assert finding.evidence == {"field": "website2", "value": "x" * 80}
    assert decide([finding], Policy()).verdict is Verdict.SPAM


def test_an_empty_field_says_nothing() -> None:
    request = Request(honeypot_name="website2", honeypot_value=" ")
    finding = Honeypot().run(a_submission(request=request), a_context())
    assert (finding.signal, finding.weight) == (Signal.NEUTRAL, 0)
