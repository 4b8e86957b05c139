"""Is everything there that the service needs, and does it answer?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.domain.lists.reading import refusals
from moderator.domain.pages.health import Vitals
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.usecases.operate.ready import SILENCE, WORKING, is_any_alive, silent

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


class State(StrEnum):
    OK = "ok"
    NOTE = "note"  # works, but a person should know
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Symptom:
    what: str
    state: State
    detail: str


class VitalStore(Protocol):
    def vitals(self) -> Vitals:
        """Raises StorageUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class Examine:
    """`ask_redis` returns a line about Redis, or raises OSError; None when none is configured.

    `sites` returns all that are registered.
    """

    store: VitalStore
    ask_redis: Callable[[], str] | None
    sites: Callable[[], Sequence[Site]] = tuple

    def __call__(self, now: datetime) -> list[Symptom]:
        try:
            vitals = self.store.vitals()
        except StorageUnavailableError as error:
            detail = f"{error}: {ADVICE[error.cause]}"
            return [Symptom("database", State.FAIL, detail), self._redis()]
        lists = _lists(self.sites()) if vitals.is_current else ()
        work = (*_work(vitals, now), *_processes(vitals, now))
        return [*_database(vitals), *lists, self._redis(), *work]

    def _redis(self) -> Symptom:
        if self.ask_redis is None:
            note = "REDIS_URL is not set; `moderator up` starts one of its own"
            return Symptom("redis", State.NOTE, note)
        try:
            return Symptom("redis", State.OK, self.ask_redis())
        except OSError as error:
            # Correctness does not need it: the sweeper finds and does the work.
            return Symptom("redis", State.NOTE, f"does not answer ({error}); work goes on, slower")


def _database(vitals: Vitals) -> list[Symptom]:
    if not vitals.is_current:
        detail = f"{vitals.engine}: the schema is not this version's; run `moderator db upgrade`"
        return [Symptom("database", State.FAIL, detail)]
    sites = State.OK if vitals.sites else State.NOTE
    people = State.OK if vitals.moderators else State.NOTE
    return [
        Symptom("database", State.OK, vitals.engine),
        Symptom("sites", sites, f"{vitals.sites} registered"),
        Symptom("people", people, f"{vitals.moderators} can log in"),
    ]


def _lists(sites: Iterable[Site]) -> Iterator[Symptom]:
    """Entries that an earlier version took, and that cannot be read as they were meant."""
    for site in sites:
        unread = refusals((*site.policy.denylist, *site.policy.allowlist))
        if unread:
            first = next(iter(unread.values()))
            detail = f"{site.id}: {len(unread)} entries count for nothing; {first}"
            yield Symptom("lists", State.NOTE, f"{detail}; see `moderator site lists {site.id}`")


def _work(vitals: Vitals, now: datetime) -> list[Symptom]:
    found = []
    for job in Job:
        count = vitals.waiting.get(job, 0)
        due = vitals.oldest_due.get(job, now)
        is_late = count > 0 and now - due > SILENCE
        detail = f"{count} waiting" + (f", the oldest since {due:%Y-%m-%d %H:%M} UTC" * is_late)
        found.append(Symptom(job, State.FAIL if is_late else State.OK, detail))
    dead = State.NOTE if vitals.dead_letters else State.OK
    hint = "; `moderator deliveries retry` sends them again" if vitals.dead_letters else ""
    found.append(Symptom("callbacks", dead, f"{vitals.dead_letters} dead letters{hint}"))
    return found


def _processes(vitals: Vitals, now: datetime) -> list[Symptom]:
    """A kind that was never seen may not be wanted here; of workers and sweepers one is enough."""
    silent_kinds = silent(vitals.seen_at, now)
    found = [
        Symptom(kind, State.NOTE if kind in silent_kinds else State.OK, f"last seen {at:{WHEN}}")
        for kind, at in sorted(vitals.seen_at.items())
    ]
    if not is_any_alive(vitals.seen_at, now):
        detail = f"no sign of a {' or '.join(WORKING)}: nothing is judged or sent"
        found.append(Symptom("processes", State.NOTE, detail))
    return found
