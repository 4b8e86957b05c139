"""Is everything there that the service needs, and does it answer?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.domain.lists.reading import refusals
from moderator.domain.pages.health import HealthReport
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.usecases.operate.ready import SILENT_AFTER, WORKING_KINDS, is_any_alive, silent

ADVICE = {
    StorageCause.SILENT: "does it run, is DATABASE_URL right, may we open it?",
    StorageCause.LOCKED: "another program holds it; if that goes on, find out which",
    StorageCause.BUSY: "it did not answer in time; look at its load and its connections",
    StorageCause.FULL: "make room on its disk, then all goes on by itself",
    StorageCause.READ_ONLY: "look at the permissions of its files, and whether it is a replica",
    StorageCause.SCHEMA: "run `moderator db upgrade`",
    StorageCause.DAMAGED: "stop everything, look at its disk and its log, restore a backup",
}
WHEN = "%Y-%m-%d %H:%M:%S UTC"


class HealthState(StrEnum):
    OK = "ok"
    NOTE = "note"  # works, but a person should know
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class HealthCheck:
    what: str
    state: HealthState
    detail: str


class HealthStore(Protocol):
    def health_report(self) -> HealthReport:
        """Raises StorageUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """`ask_redis` returns a line about Redis, or raises OSError; None when none is configured.

    `sites` returns all that are registered.
    """

    store: HealthStore
    ask_redis: Callable[[], str] | None
    sites: Callable[[], Sequence[Site]] = tuple

    def __call__(self, now: datetime) -> list[HealthCheck]:
        try:
            report = self.store.health_report()
        except StorageUnavailableError as error:
            said = f" ({error.why})" if error.why else ""
            detail = f"{error}{said}: {ADVICE[error.cause]}"
            return [HealthCheck("database", HealthState.FAIL, detail), self._redis()]
        lists = _lists(self.sites()) if report.is_current else ()
        work = (*_work(report, now), *_processes(report, now))
        return [*_database(report), *lists, self._redis(), *work, *_polls(report)]

    def _redis(self) -> HealthCheck:
        if self.ask_redis is None:
            note = "REDIS_URL is not set; `moderator up` starts one of its own"
            return HealthCheck("redis", HealthState.NOTE, note)
        try:
            return HealthCheck("redis", HealthState.OK, self.ask_redis())
        except OSError as error:
            # Correctness does not need it: the sweeper finds and does the work.
            return HealthCheck(
                "redis", HealthState.NOTE, f"does not answer ({error}); work goes on, slower"
            )


def _database(report: HealthReport) -> list[HealthCheck]:
    if not report.is_current:
        detail = f"{report.engine}: the schema is not this version's; run `moderator db upgrade`"
        return [HealthCheck("database", HealthState.FAIL, detail)]
    sites = HealthState.OK if report.sites else HealthState.NOTE
    people = HealthState.OK if report.moderators else HealthState.NOTE
    return [
        HealthCheck("database", HealthState.OK, report.engine),
        HealthCheck("sites", sites, f"{report.sites} registered"),
        HealthCheck("people", people, f"{report.moderators} can log in"),
    ]


def _lists(sites: Iterable[Site]) -> Iterator[HealthCheck]:
    """Entries that an earlier version took, and that cannot be read as they were meant."""
    for site in sites:
        unread = refusals((*site.policy.denylist, *site.policy.allowlist))
        if unread:
            first = next(iter(unread.values()))
            detail = f"{site.id}: {len(unread)} entries count for nothing; {first}"
            yield HealthCheck(
                "lists", HealthState.NOTE, f"{detail}; see `moderator site lists {site.id}`"
            )


def _work(report: HealthReport, now: datetime) -> list[HealthCheck]:
    found = []
    for job in Job:
        count = report.waiting.get(job, 0)
        due = report.oldest_due.get(job, now)
        is_late = count > 0 and now - due > SILENT_AFTER
        detail = f"{count} waiting" + (f", the oldest since {due:%Y-%m-%d %H:%M} UTC" * is_late)
        found.append(HealthCheck(job, HealthState.FAIL if is_late else HealthState.OK, detail))
    dead = HealthState.NOTE if report.dead_letters else HealthState.OK
    hint = "; `moderator deliveries retry` sends them again" if report.dead_letters else ""
    found.append(HealthCheck("callbacks", dead, f"{report.dead_letters} dead letters{hint}"))
    return found


def _polls(report: HealthReport) -> Iterator[HealthCheck]:
    for poll in report.polls:
        when = f"last polled {poll.polled_at:{WHEN}}" if poll.polled_at else "not polled yet"
        state = HealthState.NOTE if poll.error else HealthState.OK
        detail = f"{poll.site_id}: {when}" + (f"; {poll.error}" if poll.error else "")
        yield HealthCheck("wordpress", state, detail)


def _processes(report: HealthReport, now: datetime) -> list[HealthCheck]:
    """A kind that was never seen may not be wanted here; of workers and sweepers one is enough."""
    silent_kinds = silent(report.seen_at, now)
    found = [
        HealthCheck(
            kind,
            HealthState.NOTE if kind in silent_kinds else HealthState.OK,
            f"last seen {at:{WHEN}}",
        )
        for kind, at in sorted(report.seen_at.items())
    ]
    if not is_any_alive(report.seen_at, now):
        detail = f"no sign of a {' or '.join(WORKING_KINDS)}: nothing is judged or sent"
        found.append(HealthCheck("processes", HealthState.NOTE, detail))
    return found
