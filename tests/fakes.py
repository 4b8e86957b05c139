"""Stand-ins that keep the Protocols' promises in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from moderator.domain.arrival import Arrival, Event, Receipt
from moderator.domain.errors import ConflictError, NotFoundError, StorageUnavailableError
from moderator.domain.jobs import Job
from moderator.domain.site import Site
from moderator.domain.view import SubmissionView


@dataclass
class FakeIntakeStore:
    """`usecases.accept.IntakeStore`; `is_down` makes it fail like a stopped database."""

    arrivals: list[Arrival] = field(default_factory=list)
    is_down: bool = False
    depth: int = 0
    _by_key: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _by_platform_id: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def waiting(self) -> int:
        return self.depth

    def add(self, arrivals: Sequence[Arrival]) -> list[Receipt | ConflictError | NotFoundError]:
        if self.is_down:
            raise StorageUnavailableError("The database does not answer")
        with self._lock:
            return [self._add(arrival) for arrival in arrivals]

    def _add(self, arrival: Arrival) -> Receipt | ConflictError | NotFoundError:
        submission = arrival.submission
        key = (submission.site_id, arrival.key)
        comment = (submission.site_id, submission.platform_id)
        known = self._by_key.get(key) if arrival.key else None
        if known is None and arrival.event is Event.CREATED:
            known = self._by_platform_id.get(comment)
        if known is not None:
            id_, digest = known
            if digest != arrival.digest:
                return ConflictError("Known, with another content")
            return Receipt(id_, is_new=False)
        if arrival.event is not Event.CREATED and comment not in self._by_platform_id:
            return NotFoundError("There is no such comment here")
        id_, _ = self._by_platform_id.setdefault(comment, (submission.id, arrival.digest))
        if arrival.key:
            self._by_key[key] = (id_, arrival.digest)
        self.arrivals.append(arrival)
        return Receipt(id_, is_new=True)


@dataclass
class FakeHints:
    """`domain.ports.Hints`; `is_down` is a Redis that cannot be reached."""

    sent: list[Job] = field(default_factory=list)
    is_down: bool = False

    def work_is_due(self, job: Job) -> bool:
        if self.is_down:
            return False
        self.sent.append(job)
        return True


@dataclass
class FakeSites:
    """`usecases.credentials.Sites`; `keys` maps the SHA-256 of a key to its site and its end."""

    sites: dict[str, Site] = field(default_factory=dict)
    keys: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)

    def get(self, site_id: str) -> Site | None:
        return self.sites.get(site_id)

    def by_key_digest(self, digest: str, *, now: datetime) -> Site | None:
        site_id, expires_at = self.keys.get(digest, ("", None))
        if expires_at is not None and expires_at <= now:
            return None
        return self.sites.get(site_id)


@dataclass
class FakeViews:
    """`usecases.show.Views`."""

    views: dict[tuple[str, str], SubmissionView] = field(default_factory=dict)

    def find(self, site_id: str, submission_id: str) -> SubmissionView | None:
        return self.views.get((site_id, submission_id))

    def find_by_platform_id(self, site_id: str, platform_id: str) -> SubmissionView | None:
        return next(
            (
                view
                for (site, _), view in self.views.items()
                if (site, view.platform_id) == (site_id, platform_id)
            ),
            None,
        )


@dataclass
class FakePulse:
    """`usecases.ready.Pulse`."""

    seen_at: datetime | None = None
    is_down: bool = False

    def workers_seen_at(self) -> datetime | None:
        if self.is_down:
            raise StorageUnavailableError("The database does not answer")
        return self.seen_at
