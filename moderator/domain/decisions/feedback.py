"""Where a person overruled a spam service: what it is told, if anything."""

from dataclasses import dataclass

from moderator.domain.ports import SpamAnswer
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Feedback:
    """What stands beside the service's answer (UNKNOWN when it was not asked, or silent).

    `verdict` is a person's, None when theirs was taken back. `told` is what we told the service
    about it before: `spam`, `ham` or ''.
    """

    submission: Submission
    verdict: Verdict | None
    answer: SpamAnswer
    told: str = ""


def is_spam_to_report(correction: Feedback) -> bool | None:
    """True: tell that it is spam; False: tell that it is ham; None: nothing to tell.

    Akismet asks for missed spam and false positives, not for what it knew. What was thrown away
    was no spam, and says nothing. What we told before and what no longer stands is told back.
    """
    wanted = _wanted(correction)
    match correction.told:
        case "spam":
            return None if wanted is True else False
        case "ham":
            return None if wanted is False else True
        case _:
            return wanted


def _wanted(correction: Feedback) -> bool | None:
    called_spam = correction.answer in (SpamAnswer.SPAM, SpamAnswer.DISCARD)
    match correction.verdict:
        case Verdict.SPAM if not called_spam:
            return True
        case Verdict.APPROVE if called_spam:
            return False
        case _:
            return None
