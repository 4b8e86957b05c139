"""Wires what works in the background. What a drain needs is imported when it is first needed.

A sweeper that never has to stand in for the workers needs neither the spam model nor any client.
"""

import logging
import platform
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from moderator.bootstrap.parts import Counted, Step, build_hints, new_token, open_counted
from moderator.catalogue import catalogue
from moderator.clients.redis.near_gap import NearGap
from moderator.domain.decisions.metrics import FETCHES
from moderator.domain.errors import ANYTHING, ModeratorError
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.people.digests import DigestRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.upkeep.clock_set_back import ClockSetBack
from moderator.storage.upkeep.counting import CountingRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.purge import PurgeRows
from moderator.storage.upkeep.retention import RetentionRows
from moderator.usecases.operate.digest import SendDigests
from moderator.usecases.run.drain import Drain
from moderator.usecases.run.stand_in import StandIn
from moderator.usecases.run.sweep import (
    EVERY_SECONDS,
    LATE_EVERY_SECONDS,
    ClockWatch,
    LateSweep,
    Sweep,
)
from moderator.usecases.run.upkeep import Upkeep

# What judges, and needs no network.
JUDGING = frozenset({Job.CHECK_LOCAL, Job.TRAIN_SITE_MODEL, Job.TRY, Job.DRY_RUN})
UPKEEP_EVERY_SECONDS = 2.0

Result = TypeVar("Result")
Group = Callable[[], Mapping[Job, Step]]
log = logging.getLogger(__name__)


class LazySteps:
    """The steps of several jobs, built together when the first of them is needed."""

    def __init__(self, build: Group) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._built: Mapping[Job, Step] | None = None

    def steps(self) -> Mapping[Job, Step]:
        with self._lock:
            if self._built is None:
                self._built = self._build()
            return self._built

    def step(self, job: Job) -> Step:
        def step() -> int:
            return self.steps()[job]()

        return step


@dataclass(frozen=True, slots=True)
class Worker:
    """What works in the background: a drain per job, and what a sweeper does beside.

    `sweep` returns the seconds until the next one.
    """

    drains: Mapping[Job, Drain]
    sweep: Callable[[], float]
    late_sweep: Callable[[], None]
    upkeep: Callable[[], int]
    stand_in: StandIn
    groups: tuple[LazySteps, ...]
    stopping: threading.Event
    counted: Counted
    closing: list[Callable[[], None]]

    @property
    def database(self) -> Database:
        return self.counted.database

    def warm(self) -> None:
        """Import and build now what the first hint would wait for."""
        for group in self.groups:
            group.steps()

    def beat(self, name: str) -> None:
        """Give signs of life from now on."""
        self.counted.heartbeat("worker", name).start(self.stopping)

    def start_sweeping(self) -> None:
        """Look for work that no hint announced, and keep the house, until `stopping` is set."""

        def sweep() -> None:
            while not self.stopping.wait(self.sweep()):
                pass

        def keep() -> None:
            while not self.stopping.wait(UPKEEP_EVERY_SECONDS):
                self.upkeep()

        self._start(("sweep", sweep), ("upkeep", keep))

    def start_late_sweeping(self) -> None:
        """Do what is long due here, until `stopping` is set."""

        def sweep() -> None:
            while not self.stopping.wait(LATE_EVERY_SECONDS):
                self.late_sweep()

        self._start(("late sweep", sweep))

    def _start(self, *named: tuple[str, Callable[[], None]]) -> None:
        for name, target in named:
            thread = threading.Thread(target=target, name=name)
            thread.start()
            self.closing.insert(0, thread.join)

    def close(self) -> None:
        """Wait for what is under way, and hang up everywhere."""
        self.stopping.set()
        self.stand_in.join()
        for close in self.closing:
            close()
        contained(self.counted.metrics.keep, "counters", None)()
        self.database.close()


def build_worker(settings: Settings) -> Worker:
    counted, stopping, hints = open_counted(settings), threading.Event(), build_hints(settings)
    database = counted.database
    stand_in = StandIn(hints, stopping)
    closing: list[Callable[[], None]] = []

    digests = LazySteps(partial(_digests, settings, database))
    judging = LazySteps(partial(_judging, settings, database, stand_in))
    outside = LazySteps(partial(_outside, settings, counted, stand_in, closing))
    steps = {job: _of(job, judging, outside, digests).step(job) for job in Job}
    stand_in.drains = drains = {
        job: Drain(
            step=contained(step, job, 0), stopping=stopping, before=partial(hints.clear, job)
        )
        for job, step in steps.items()
    }
    return Worker(
        drains=drains,
        sweep=contained(_sweep(counted, hints, stand_in), "sweep", EVERY_SECONDS),
        late_sweep=contained(_late_sweep(database, stand_in), "late sweep", None),
        upkeep=contained(_upkeep(settings, database, stopping), "upkeep", 0),
        stand_in=stand_in,
        groups=(judging, outside),
        stopping=stopping,
        counted=counted,
        closing=closing,
    )


def _sweep(counted: Counted, hints: Hints, stand_in: StandIn) -> Sweep:
    return Sweep(
        queue=Queue(counted.database),
        hints=hints,
        call=stand_in.call,
        beat=counted.heartbeat("sweeper", platform.node()),
        watch=ClockWatch(ClockSetBack(counted.database)),
    )


def _late_sweep(database: Database, stand_in: StandIn) -> LateSweep:
    return LateSweep(
        queue=Queue(database), call=stand_in.call, watch=ClockWatch(ClockSetBack(database))
    )


def _outside(
    settings: Settings, counted: Counted, stand_in: StandIn, closing: list[Callable[[], None]]
) -> Mapping[Job, Step]:
    from moderator.bootstrap.outside import Outside  # noqa: PLC0415  # every client

    built = Outside(
        settings=settings,
        database=counted.database,
        hints=stand_in,
        stopping=stand_in.stopping,
        count=partial(counted.counters.add, FETCHES),
    )
    closing.append(built.close)
    return built.steps()


def _of(job: Job, judging: LazySteps, outside: LazySteps, digests: LazySteps) -> LazySteps:
    if job is Job.DIGEST:
        return digests
    return judging if job in JUDGING else outside


def _digests(settings: Settings, database: Database) -> Mapping[Job, Step]:
    from moderator.clients.mail import SmtpMail  # noqa: PLC0415  # TLS, for who sends mail

    send = SendDigests(
        queue=Queue(database),
        store=DigestRows(database),
        pulse=HeartbeatRows(database),
        mail=SmtpMail(settings.smtp_url, settings.mail_from) if settings.smtp_url else None,
        words=lambda code: catalogue(code).gettext,
        public_url=settings.public(),
        new_token=new_token,
    )
    return {Job.DIGEST: send}


def _judging(settings: Settings, database: Database, hints: Hints) -> Mapping[Job, Step]:
    from moderator.bootstrap.judging import judging_steps  # noqa: PLC0415  # numpy and the model

    return judging_steps(settings, database, hints)


def _upkeep(settings: Settings, database: Database, stopping: threading.Event) -> Upkeep:
    return Upkeep(
        attic=PurgeRows(database),
        counts=CountingRows(database),
        retention=RetentionRows(database, sites=SiteRows(database).all, usual=settings.retention()),
        mend=contained(_mend(settings, database, stopping), "mend", 0),
    )


def _mend(settings: Settings, database: Database, stopping: threading.Event) -> Step:
    if not settings.redis_url:
        return lambda: 0

    gap = NearGap(
        settings.redis_url,
        prefix=settings.redis_prefix,
        keep=timedelta(days=settings.near_days),
    )

    def step() -> int:
        if gap.gap() is None:
            return 0
        from moderator.bootstrap.judging import near_index_refill  # noqa: PLC0415  # numpy

        return near_index_refill(settings, database, stopping)()

    return step


def contained(step: Callable[[], Result], name: str, otherwise: Result) -> Callable[[], Result]:
    """What goes wrong ends this one call: not the thread, not the process."""

    def run() -> Result:
        try:
            return step()
        except ModeratorError as error:  # on purpose: the database is away
            log.warning("drain=%s ended error=%s", name, error)
        except ANYTHING:
            log.exception("drain=%s ended", name)
        return otherwise

    return run
