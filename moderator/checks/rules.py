"""Does a rule that people made name this? Those that are live act, those in shadow only count.

What a rule is, and when it may act, is said in domain/rule.py.
"""

from moderator.domain.check import Context
from moderator.domain.finding import Finding
from moderator.domain.rules.matching import NAME, answers
from moderator.domain.submission import Submission


class Rules:
    name = NAME

    def run(self, submission: Submission, context: Context) -> tuple[Finding, ...]:
        if not context.site.rules:
            return ()
        return answers(context.site.rules, context.about(submission), context.now)
