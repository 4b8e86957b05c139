"""A check's answer: a signal, how much it weighs, and a sentence a moderator can read."""

from dataclasses import dataclass, field
from enum import StrEnum


class Signal(StrEnum):
    HAM = "ham"
    NEUTRAL = "neutral"
    SUSPECT = "suspect"
    SPAM = "spam"
    REDUNDANT = "redundant"
    UNAVAILABLE = "unavailable"


Evidence = dict[str, object]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says about one submission.

    `weight` is the contribution to the score before policy scales it: positive counts towards spam,
    negative towards ham, 0 for neutral, redundant and unavailable. `code` names the outcome for
    machines (stable, snake_case); `reason` is one sentence for people; `evidence` is JSON-ready.
    """

    check: str
    signal: Signal
    reason: str
    code: str = ""
    weight: float = 0.0
    evidence: Evidence = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What sentence `reason` is, whatever is named in it; '' where there is no code."""
        return sentence_key(self.code, self.evidence)


def sentence_key(code: str, evidence: Evidence) -> str:
    """A code, and of what repeats also how it does."""
    how = evidence.get("how")
    return f"{code}.{how}" if code and isinstance(how, str) else code
