"""A little model of docs/events.md, independent of the code that it is held against."""

from dataclasses import dataclass, field

STATUSES = {"fine": "approved", "maybe": "hold", "spam": "spam"}


@dataclass(frozen=True)
class Decided:
    """One decision as the model knows it."""

    status: str
    version: int
    by: str = "rule"  # or a person's name, or "blog"
    bound: bool = field(default=False, compare=False)  # by a person's refusal, or hold


@dataclass
class Comment:
    """What the table says of one comment."""

    word: str
    id: str
    version: int = 1
    is_queued: bool = True
    is_erased: bool = False
    decisions: tuple[Decided, ...] = ()
    reports: int = 0
    listed_version: int = 0
    is_listed: bool = False

    @property
    def latest(self) -> Decided | None:
        return self.decisions[-1] if self.decisions else None

    def decide(self, status: str, by: str) -> None:
        is_bound = status != "approved" if by != "rule" else self.is_bound
        self._add(Decided(status, self.version, by, is_bound))

    def undo(self) -> None:
        """The decision before the latest stands again."""
        self._add(self.decisions[-2])

    def _add(self, decided: Decided) -> None:
        self.decisions = (*self.decisions, decided)
        self.is_queued = False
        if decided.by != "rule" or decided.status != "approved":
            self.is_listed = False

    @property
    def is_bound(self) -> bool:
        """Whether it is visible by a person's word alone, however often it was edited."""
        return self.latest is not None and self.latest.bound

    def judge(self) -> None:
        status = STATUSES[self.word]
        self.decide("hold" if self.is_bound and status == "approved" else status, "rule")
