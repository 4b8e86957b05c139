"""A little model of docs/events.md, independent of the code that it is held against.

Numbers that only grow decide what may be written: the content version, the sequence, and who holds
a row of the queue. A piece of work remembers what they were when it was claimed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Hundredths; what a check says by a word, and what a silent one does not say.
SAYS: Mapping[str, int | None] = {
    "": 0,
    "fine": 0,
    "maybe": 50,
    "spam": 120,
    "ham": -10,
    "junk": 95,
    "links fine": -10,
    "links maybe": -10,
    "links spam": -10,
    "hidden": 50,
    "gone": 100,
    "silent": None,
}
HOLD, SPAM, SETTLED = 40, 90, 110
PATIENCE = 3  # times that an unread source may be silent before it is decided so
MOST = 4  # claims of a piece
ASKINGS = 6
Answers = Mapping[str, str]  # by whom


class Kind(StrEnum):
    PLAIN = "plain"
    LINKED = "linked"
    PINGBACK = "pingback"  # the blog took it, with its words
    MENTION = "mention"  # came to our door: it says what its source says

    @property
    def is_linkback(self) -> bool:
        return self in (Kind.PINGBACK, Kind.MENTION)


# Who must be asked about them outside.
ASKED = {
    Kind.PLAIN: frozenset[str](),
    Kind.LINKED: frozenset({"links", "akismet"}),
    Kind.PINGBACK: frozenset({"source", "akismet"}),
    Kind.MENTION: frozenset({"source", "akismet"}),
}


@dataclass(frozen=True)
class Decided:
    """One decision as the model knows it."""

    status: str
    version: int
    by: str = "rule"  # or a person's name, or "blog"
    bound: bool = field(default=False, compare=False)  # by a person's refusal, or hold
    saw: str = field(default="", compare=False)  # the source that it was made by, if it links
    silent: frozenset[str] = field(default=frozenset(), compare=False)  # nobody else holds it


@dataclass(eq=False)
class Row:
    """Work that waits, or that a piece holds; `known` is what was answered before."""

    known: Answers = field(default_factory=dict)
    attempts: int = 0
    holder: "Piece | None" = None
    is_lapsed: bool = False

    def give_back(self) -> None:
        self.holder = None


@dataclass(frozen=True)
class Stand:
    """What stood when a piece of work was claimed."""

    version: int
    sequence: int
    heard: int


@dataclass(eq=False)
class Piece:
    """A claimed row: what it came to is written if nothing happened meanwhile that forbids it."""

    comment: "Comment"
    job: str
    row: Row
    stood: Stand
    ends: Callable[["Piece"], None] = lambda _piece: None

    @property
    def is_held(self) -> bool:
        return self.comment.rows.get(self.job) is self.row and self.row.holder is self

    def write(self) -> None:
        if self.is_held:
            self.ends(self)


def linked(page: str) -> str:
    """What a page says that links; '' for one that does not."""
    return {"hidden": "fine"}.get(page, page.removeprefix("links ") if "links" in page else "")


@dataclass(eq=False)
class Comment:
    """What the table says of one comment."""

    word: str
    id: str
    kind: Kind = Kind.PLAIN
    version: int = 1
    is_queued: bool = True
    is_erased: bool = False
    decisions: tuple[Decided, ...] = ()
    reports: int = 0
    listed_version: int = 0
    is_listed: bool = False
    heard: tuple[int, str] = (0, "")  # what the blog knows: sequence and status
    rows: dict[str, Row] = field(default_factory=lambda: {"check": Row()})

    @property
    def latest(self) -> Decided | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def status(self) -> str:
        return "queued" if self.is_queued or self.latest is None else self.latest.status

    @property
    def is_by_person(self) -> bool:
        return self.latest is not None and self.latest.by != "rule"

    @property
    def is_unread(self) -> bool:
        return self.kind is Kind.MENTION and not self.word

    @property
    def is_bound(self) -> bool:
        """Whether it is visible by a person's word alone, however often it was edited."""
        return self.latest is not None and self.latest.bound

    @property
    def seen(self) -> str:
        """The page that the latest decision was made by which saw a link."""
        return next((one.saw for one in reversed(self.decisions) if one.saw), "")

    def edit(self, word: str) -> None:
        self.word, self.is_queued, self.version = word, True, self.version + 1
        self.renew()

    def renew(self) -> None:
        """It is judged from the start, whoever is at it now."""
        self.rows.pop("reach", None)
        self.rows["check"] = Row()

    def erase(self) -> None:
        self.is_erased, self.is_queued, self.decisions, self.rows = True, False, (), {}

    def decide(self, status: str, by: str) -> None:
        """A person's word, here or at the blog."""
        self._say(Decided(status, self.version, by, bound=status != "approved"))

    def undo(self) -> None:
        """The decision before the latest stands again, and so does what it waited for."""
        self._say(self.decisions[-2])

    def _say(self, decided: Decided) -> None:
        for job in ("check", "reach", "ask"):
            self.rows.pop(job, None)
        if decided.by != "rule" and decided.status in ("spam", "trash"):
            self.rows.pop("reverify", None)
        self._add(decided)

    def judge(self, status: str, saw: str, silent: frozenset[str]) -> None:
        """A rule's word, which a person's earlier one may bind."""
        is_bound = self.is_bound
        silent = frozenset() if is_bound else silent
        status = "hold" if is_bound and status == "approved" else status
        self._add(Decided(status, self.version, "rule", bound=is_bound, saw=saw, silent=silent))

    def _add(self, decided: Decided) -> None:
        self.decisions = (*self.decisions, decided)
        self.is_queued = False
        if decided.by != "rule" or decided.status != "approved":
            self.is_listed = False
        if decided.silent:
            self.rows["ask"] = Row(dict.fromkeys(decided.silent, "silent"))
        if self.kind.is_linkback and decided.status == "approved":
            self.rows.setdefault("reverify", Row())

    def look(self) -> None:
        """Somebody claims again that its source links."""
        row = self.rows.setdefault("reverify", Row())
        if row.holder is None:
            row.attempts = 0

    def read(self, page: str) -> None:
        """It says what its source says, where it came to our door."""
        if self.kind is Kind.MENTION and linked(page) and linked(page) != self.word:
            self.word, self.version = linked(page), self.version + 1
