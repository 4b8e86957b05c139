"""What became of a case, as far as any `want` asks about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moderator.domain.finding import Evidence, Finding, Signal

# In the words of the cases; one that is erased keeps its own.
WORDS = {"approved": "approve", "held": "hold", "discard": "trash", "discarded": "trash"}
NOTICED = 0.1  # what is off topic weighs half of it


class UnknownFormError(Exception):
    """A case says something in words that this runner does not know."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was sent, as it stands at the end.

    `said` is what the door's linkback says: text, title, author, relation. `html` is its source.
    """

    verdict: str
    score: float = 0.0
    findings: tuple[Finding, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    html: str = ""

    @property
    def codes(self) -> list[str]:
        """What was found that says something."""
        spoken = [each for each in self.findings if each.signal is not Signal.NEUTRAL]
        return [each.code or each.check for each in spoken]

    @property
    def is_suspect(self) -> bool:
        """Whether something was found against it that is more than a shrug."""
        against = [each for each in self.findings if each.signal in (Signal.SUSPECT, Signal.SPAM)]
        return any(each.weight >= NOTICED for each in against)

    def evidence(self, check: str) -> Evidence:
        return next((each.evidence for each in self.findings if each.check == check), {})

    def __str__(self) -> str:
        words = ", ".join(f"{each.code or each.check} {each.weight:g}" for each in self.findings
                          if each.signal is not Signal.NEUTRAL)  # fmt: skip
        said = f" {dict(self.said)}" if self.said else ""
        return f"{self.verdict} {self.score:.2f} ({words}){said}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refusal` is the sentence by which the product refused an entry; `status` the HTTP status of
    an operator's case; `fields` what a sender meant; `seconds` how long the answer took.
    """

    steps: tuple[Step, ...] = ()
    refusal: str = ""
    status: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        parts = [f"refused: {self.refusal}"] if self.refusal else []
        parts += [f"status {self.status}"] if self.status else []
        return " | ".join([*parts, *map(str, self.steps)])
