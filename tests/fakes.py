"""Stand-ins that keep the Protocols' promises in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.queue import Job
from moderator.domain.site import KeyHolder, Site
from moderator.usecases.intake.accept import rules


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
    """`usecases.intake.credentials.Sites`; `keys`: the SHA-256 of a key, its site and its end."""

    sites: dict[str, Site] = field(default_factory=dict)
    keys: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    client_keys: dict[str, KeyHolder] = field(default_factory=dict)

    def get(self, site_id: str) -> Site | None:
        return self.sites.get(site_id)

    def by_key_digest(self, digest: str, *, now: datetime) -> Site | None:
        site_id, expires_at = self.keys.get(digest, ("", None))
        if expires_at is not None and expires_at <= now:
            return None
        return self.sites.get(site_id)

    def by_client_key(self, key: str, *, now: datetime) -> KeyHolder | None:
        holder = self.client_keys.get(key)
        expires_at = holder.expires_at if holder else None
        return None if expires_at is not None and expires_at <= now else holder

    def look_again(self) -> bool:
        return False


@dataclass
class FakeViews:
    """`usecases.moderate.submission_status.Views`."""

    views: dict[tuple[str, str], SubmissionStatus] = field(default_factory=dict)

    def find(self, site_id: str, submission_id: str) -> SubmissionStatus | None:
        return self.views.get((site_id, submission_id))

    def find_by_platform_id(self, site_id: str, platform_id: str) -> SubmissionStatus | None:
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
    """`usecases.operate.ready.Pulse` and `Probe`."""

    seen: dict[str, datetime] = field(default_factory=dict)
    is_down: bool = False

    def check(self) -> None:
        if self.is_down:
            raise StorageUnavailableError("The database does not answer")

    def seen_at(self) -> dict[str, datetime]:
        if self.is_down:
            raise StorageUnavailableError("The database does not answer")
        return self.seen


RULES = rules(FakeSites())  # of sites with the policy that every new one has


@dataclass
class FakeLog:
    """Keeps what was told: the name of each event, and its facts."""

    told: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, /, **facts: object) -> None:
        self.told.append((event, facts))

    def info_each(self, event: str, facts: Sequence[Mapping[str, object]], /) -> None:
        self.told += [(event, dict(each)) for each in facts]

    def warning(self, event: str, /, **facts: object) -> None:
        self.told.append((event, facts))

    def failure(self, event: str, error: BaseException, /, **facts: object) -> None:
        self.told.append((event, {**facts, "error": error}))
