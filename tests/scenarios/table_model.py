"""A little model of docs/events.md, independent of the code that it is held against."""

from dataclasses import dataclass

STATUSES = {"fine": "approved", "maybe": "hold", "spam": "spam"}


@dataclass(frozen=True)
class Decided:
    """One decision as the model knows it."""

    status: str
    version: int
    by: str = "rule"  # or a person's name, or "blog"


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
        self.decisions = (*self.decisions, Decided(status, self.version, by))
        self.is_queued = False
        if by != "rule" or status != "approved":
            self.is_listed = False

    def judge(self) -> None:
        status, latest = STATUSES[self.word], self.latest
        is_bound = latest is not None and latest.by != "rule" and latest.status != "approved"
        self.decide("hold" if is_bound and status == "approved" else status, "rule")
