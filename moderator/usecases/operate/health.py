"""Is everything there that the service needs, and does it answer? Each trouble with its cure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.domain.lists.reading import refusals
from moderator.domain.pages.health import HealthReport, RedisReport
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
KEEPS_ALL = "noeviction"
START = {
    "web": "start it (`moderator up`, or the Procfile's `web`); its log says why it ended",
    "worker": "start one (`moderator up`, or the Procfile's `worker`); its log says why it ended",
    "sweeper": "start one (`moderator up`, or the Procfile's `beat`); its log says why it ended",
}


class HealthState(StrEnum):
    OK = "ok"
    NOTE = "note"  # works, but a person should know
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """`detail` is what was found; of a trouble `cure` is what to do."""

    what: str
    state: HealthState
    detail: str
    cure: str = ""


class HealthStore(Protocol):
    def health_report(self) -> HealthReport:
        """Raises StorageUnavailableError."""
        ...


def _nothing(_report: HealthReport, _sites: Sequence[Site]) -> Iterable[HealthCheck]:
    return ()


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """`ask_redis` returns what a Redis says of itself, or raises OSError; None when none is
    configured. `sites` returns all that are registered. `around` looks at what is no part of us,
    given what the database said.
    """

    store: HealthStore
    ask_redis: Callable[[], RedisReport] | None
    sites: Callable[[], Sequence[Site]] = tuple
    around: Callable[[HealthReport, Sequence[Site]], Iterable[HealthCheck]] = _nothing

    def __call__(self, now: datetime) -> list[HealthCheck]:
        try:
            report = self.store.health_report()
        except StorageUnavailableError as error:
            detail = f"{error}{f' ({error.why})' if error.why else ''}"
            found = HealthCheck("database", HealthState.FAIL, detail, ADVICE[error.cause])
            return [found, self._redis()]
        sites = self.sites() if report.is_current else ()
        work = (*_work(report, now), *_processes(report, now)) if report.is_current else ()
        return [
            *_database(report),
            *_lists(sites),
            self._redis(),
            *work,
            *_polls(report),
            *self.around(report, sites),
        ]

    def _redis(self) -> HealthCheck:
        if self.ask_redis is None:
            note = "REDIS_URL is not set: work is found by the sweeper, near copies are not"
            cure = "run `moderator up`, which brings one, or set REDIS_URL"
            return HealthCheck("redis", HealthState.NOTE, note, cure)
        try:
            found = self.ask_redis()
        except PermissionError as error:
            detail = f"does not let us in ({error}); work goes on, slower"
            cure = "set REDIS_URL with its password: redis://:PASSWORD@HOST:PORT/0"
            return HealthCheck("redis", HealthState.NOTE, detail, cure)
        except OSError as error:
            # Correctness does not need it: the sweeper finds and does the work.
            detail = f"does not answer ({error}); work goes on, slower"
            cure = "start it, or set REDIS_URL to where it is"
            return HealthCheck("redis", HealthState.NOTE, detail, cure)
        detail = f"version {found.version}, {found.policy}"
        if found.policy in {KEEPS_ALL, "unknown"}:
            return HealthCheck("redis", HealthState.OK, detail)
        cure = f"set its maxmemory-policy to {KEEPS_ALL}: it may drop what is kept for near copies"
        return HealthCheck("redis", HealthState.NOTE, detail, cure)


def _database(report: HealthReport) -> list[HealthCheck]:
    if report.is_newer:
        detail = f"{report.engine}: the schema is of a later version than this one"
        cure = "install that version again, or restore a backup of this one"
        return [HealthCheck("database", HealthState.FAIL, detail, cure)]
    if not report.is_current:
        detail = f"{report.engine}: the schema is not this version's"
        return [HealthCheck("database", HealthState.FAIL, detail, ADVICE[StorageCause.SCHEMA])]
    return [
        HealthCheck("database", HealthState.OK, report.engine),
        _some("sites", report.sites, "registered", "register a blog: `moderator site add`"),
        _some("people", report.moderators, "can log in", "invite one: `moderator admin create`"),
    ]


def _some(what: str, count: int, words: str, cure: str) -> HealthCheck:
    if count:
        return HealthCheck(what, HealthState.OK, f"{count} {words}")
    return HealthCheck(what, HealthState.NOTE, f"0 {words}", cure)


def _lists(sites: Iterable[Site]) -> Iterator[HealthCheck]:
    """Entries that an earlier version took, and that cannot be read as they were meant."""
    for site in sites:
        unread = refusals((*site.policy.denylist, *site.policy.allowlist))
        if unread:
            first = next(iter(unread.values()))
            detail = f"{site.id}: {len(unread)} entries count for nothing; {first}"
            yield HealthCheck(
                "lists", HealthState.NOTE, detail, f"see `moderator site lists {site.id}`"
            )


def _work(report: HealthReport, now: datetime) -> list[HealthCheck]:
    found = []
    for job in Job:
        count = report.waiting.get(job, 0)
        due = report.oldest_due.get(job, now)
        if count == 0 or now - due <= SILENT_AFTER:
            found.append(HealthCheck(job, HealthState.OK, f"{count} waiting"))
            continue
        detail = f"{count} waiting, the oldest since {due:%Y-%m-%d %H:%M} UTC"
        alive = is_any_alive(report.seen_at, now)
        cure = "start more workers, or see in their logs what they wait for"
        found.append(HealthCheck(job, HealthState.FAIL, detail, cure if alive else START["worker"]))
    cure = "once the blog takes them, `moderator deliveries retry` sends them again"
    detail = f"{report.dead_letters} dead letters"
    state = HealthState.NOTE if report.dead_letters else HealthState.OK
    found.append(HealthCheck("callbacks", state, detail, cure if report.dead_letters else ""))
    return found


def _polls(report: HealthReport) -> Iterator[HealthCheck]:
    for poll in report.polls:
        when = f"last polled {poll.polled_at:{WHEN}}" if poll.polled_at else "not polled yet"
        if not poll.error:
            yield HealthCheck("wordpress", HealthState.OK, f"{poll.site_id}: {when}")
            continue
        detail = f"{poll.site_id}: {when}; {poll.error}"
        cure = f"see `moderator site wordpress {poll.site_id}`: its URL, user and password"
        yield HealthCheck("wordpress", HealthState.NOTE, detail, cure)


def _processes(report: HealthReport, now: datetime) -> list[HealthCheck]:
    """A kind that was never seen may not be wanted here; of workers and sweepers one is enough."""
    found = [_seen(kind, at, silent(report.seen_at, now)) for kind, at in _sorted(report.seen_at)]
    if not is_any_alive(report.seen_at, now):
        detail = f"no sign of a {' or '.join(WORKING_KINDS)}: nothing is judged or sent"
        found.append(HealthCheck("processes", HealthState.NOTE, detail, START["worker"]))
    return found


def _seen(kind: str, at: datetime, silent_kinds: Iterable[str]) -> HealthCheck:
    detail = f"last seen {at:{WHEN}}"
    if kind not in silent_kinds:
        return HealthCheck(kind, HealthState.OK, detail)
    cure = START.get(kind, "start it again")
    return HealthCheck(kind, HealthState.NOTE, f"silent: {detail}", cure)


def _sorted(seen_at: Mapping[str, datetime]) -> list[tuple[str, datetime]]:
    return sorted(seen_at.items())
