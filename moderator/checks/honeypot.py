"""Was the form field filled in that no person sees?"""

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission

NAME = "honeypot"
FILLED = 1.0
SHOWN = 80  # characters of the value that a moderator sees
NOTHING = Finding(NAME, Signal.NEUTRAL, "The hidden form field is empty")


class Honeypot:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        value = submission.request.honeypot_value.strip()
        if not value:
            return NOTHING
        return Finding(
            NAME,
            Signal.SPAM,
            "The hidden form field, which no person sees, was filled in",
            code="honeypot_filled",
            weight=FILLED,
            evidence={"field": submission.request.honeypot_name, "value": value[:SHOWN]},
        )
