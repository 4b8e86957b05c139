"""What is counted while the service runs: every name, label and bound of what operators watch.

Labels are of closed sets of our own (routes, verdicts, states): nothing that a site or a stranger
names becomes one, so there are never more than a few hundred series.
"""

from bisect import bisect_left
from dataclasses import dataclass

SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
INFINITE = float("inf")
SUM = "sum"  # in place of a bound


@dataclass(frozen=True, slots=True)
class Metric:
    """A counter, or with `bounds` a histogram, whose values are seconds."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    def bound(self, value: float) -> str:
        """The lowest bound that holds a value."""
        place = bisect_left(self.bounds, value)
        return str(self.bounds[place]) if place < len(self.bounds) else "inf"


REQUESTS = Metric(
    "moderator_requests_total",
    "Requests that were answered, by route and status; route none: no page or endpoint",
    ("route", "status"),
)
DECISIONS = Metric(
    "moderator_decisions_total",
    "Decisions that were written, by verdict and by who decided",
    ("verdict", "decided_by"),
)
DECISION_SECONDS = Metric(
    "moderator_decision_seconds",
    "From the acceptance of a submission to its first decision by the service",
    bounds=SECONDS,
)
PARKED = Metric(
    "moderator_parked_total",
    "Submissions that were held because their checks failed repeatedly",
)
CALLBACKS = Metric(
    "moderator_callbacks_total",
    "Tries of callbacks, by what became of them and the class of the blog's status",
    ("state", "status"),
)
CALLBACK_SECONDS = Metric(
    "moderator_callback_seconds",
    "From the acceptance of a submission to a callback that the blog took",
    bounds=SECONDS,
)
FETCHES = Metric(
    "moderator_fetches_total",
    "Pages that strangers named, by result: answered, failed, postponed, refused",
    ("result",),
)
UNNAMED_PROXY = Metric(
    "moderator_unnamed_proxy_total",
    "Requests with X-Forwarded-For of a private address that TRUSTED_PROXY does not name",
)
COUNTED = (
    REQUESTS, DECISIONS, DECISION_SECONDS, PARKED, CALLBACKS, CALLBACK_SECONDS, FETCHES,
    UNNAMED_PROXY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """One number of a metric: `bound` is '' of a counter, else a histogram's bound, or SUM."""

    name: str
    labels: tuple[str, ...]
    bound: str
    number: float


@dataclass(frozen=True, slots=True)
class DecisionNote:
    """A decision that was written."""

    submission_id: str
    site_id: str
    verdict: str
    decided_by: str
    sequence: int
    score: float
    is_first_by_service: bool
    is_parked: bool


@dataclass(frozen=True, slots=True)
class CallbackNote:
    """A try of a callback, as it was written; `status` is HTTP's, 0 without an answer."""

    submission_id: str
    site_id: str
    verdict: str
    callback_id: str
    state: str
    status: int


Note = DecisionNote | CallbackNote
