"""What does Akismet say? Asked when the site has a key; no answer is never taken for ham."""

from typing import assert_never

from moderator.domain.check import Context, RemoteTools
from moderator.domain.content.autofill import is_autofilled
from moderator.domain.decisions.silence import RECHECK_AFTER
from moderator.domain.finding import Finding, Signal
from moderator.domain.ports import SpamAnswer, SpamOpinion
from moderator.domain.submission import Submission

NAME = "akismet"
BLATANT = 1.5
SPAM = 0.95
HAM = -0.1


class Akismet:
    name = NAME

    def applies(self, submission: Submission, context: Context) -> bool:
        """Akismet wants the visitor's address; what filled the honeypot needs no second opinion."""
        trap = submission.request.honeypot_value.strip()
        is_trapped = bool(trap) and not is_autofilled(trap, submission)
        return bool(context.site.akismet_key and submission.author.ip) and not is_trapped

    async def run(self, submission: Submission, context: Context, tools: RemoteTools) -> Finding:
        return _finding(await tools.spam_service.ask(submission, context.site))


def _finding(opinion: SpamOpinion) -> Finding:
    match opinion.answer:
        case SpamAnswer.DISCARD:
            signal, code, weight = Signal.SPAM, "akismet_blatant", BLATANT
            reason = "Akismet says: spam, and so blatant that nobody need look at it"
        case SpamAnswer.SPAM:
            signal, code, weight = Signal.SPAM, "akismet_spam", SPAM
            reason = "Akismet says: spam"
        case SpamAnswer.HAM:
            signal, code, weight = Signal.HAM, "akismet_ham", HAM
            reason = "Akismet says: not spam"
        case SpamAnswer.UNKNOWN:
            signal, code, weight = Signal.UNAVAILABLE, "akismet_unknown", 0.0
            reason = f"Akismet gave no verdict: {opinion.detail or 'it did not say why'}"
        case _:
            assert_never(opinion.answer)
    evidence: dict[str, object] = {"guid": opinion.reference} if opinion.reference else {}
    if opinion.recheck_after:
        evidence[RECHECK_AFTER] = opinion.recheck_after
    return Finding(NAME, signal, reason, code=code, weight=weight, evidence=evidence)
