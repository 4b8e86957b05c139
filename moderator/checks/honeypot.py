"""Was the form field filled in that no person sees?

Browsers and password managers fill in what they know, seen or not: where the value is one of the
visitor's own, a country or a bare scheme, a person is asked and nobody condemned.
"""

from moderator.domain.check import Context
from moderator.domain.content.autofill import is_autofilled
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.submission import Submission

NAME = "honeypot"
FILLED = 1.0
AUTOFILLED = 0.5  # holds
SHOWN = 80  # characters of the value that a moderator sees
NOTHING = Finding(NAME, Signal.NEUTRAL, "The hidden form field is empty")


class Honeypot:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        value = submission.request.honeypot_value.strip()
        if not value:
            return NOTHING
        evidence: Evidence = {"field": submission.request.honeypot_name, "value": value[:SHOWN]}
        if is_autofilled(value, submission):
            reason = "The hidden form field was filled in with what a browser fills in by itself"
            code = "honeypot_autofilled"
            return Finding(NAME, Signal.SUSPECT, reason, code, AUTOFILLED, evidence)
        return Finding(
            NAME,
            Signal.SPAM,
            "The hidden form field, which no person sees, was filled in",
            code="honeypot_filled",
            weight=FILLED,
            evidence=evidence,
        )
