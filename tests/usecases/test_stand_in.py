"""Who stands in for the workers lets no job wait for another, and stands back when they hear."""

import threading
from collections.abc import Callable

from moderator.domain.queue import Job
from moderator.usecases.run.stand_in import StandIn
from tests.fakes import FakeHints

LONG = 30  # seconds, for a test that is going to fail


class Drains:
    """Each call of a drain is noted; DELIVER hangs until it is let go."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.begun = {job: threading.Semaphore(0) for job in Job}

    def of(self, job: Job) -> Callable[[], int]:
        def drain() -> int:
            self.begun[job].release()
            if job is Job.DELIVER:
                self.go_on.wait(LONG)
            return 1

        return drain

    def began(self, job: Job) -> bool:
        return self.begun[job].acquire(timeout=LONG)


def standing_in(hints: FakeHints) -> tuple[StandIn, Drains]:
    drains = Drains()
    stand_in = StandIn(hints, threading.Event(), {job: drains.of(job) for job in Job})
    return stand_in, drains


def test_a_slow_drain_keeps_no_other_waiting() -> None:
    stand_in, drains = standing_in(FakeHints(is_down=True))
    assert not stand_in.work_is_due(Job.DELIVER)
    assert drains.began(Job.DELIVER)
    for _ in range(3):
        stand_in.call(Job.CHECK_LOCAL)
        assert drains.began(Job.CHECK_LOCAL)
    stand_in.stopping.set()
    drains.go_on.set()
    stand_in.join()


def test_a_call_during_a_drain_is_not_lost() -> None:
    stand_in, drains = standing_in(FakeHints(is_down=True))
    stand_in.call(Job.DELIVER)
    assert drains.began(Job.DELIVER)
    stand_in.call(Job.DELIVER)
    drains.go_on.set()
    assert drains.began(Job.DELIVER)
    stand_in.stopping.set()
    stand_in.join()


def test_it_stands_back_while_others_can_be_told() -> None:
    hints = FakeHints()
    stand_in, drains = standing_in(hints)
    assert stand_in.work_is_due(Job.CHECK_LOCAL)
    assert hints.sent == [Job.CHECK_LOCAL]
    stand_in.stopping.set()
    stand_in.join()
    assert not drains.begun[Job.CHECK_LOCAL].acquire(blocking=False)


def test_after_the_end_nothing_begins() -> None:
    stand_in, drains = standing_in(FakeHints(is_down=True))
    stand_in.stopping.set()
    stand_in.call(Job.CHECK_LOCAL)
    stand_in.join()
    assert not drains.begun[Job.CHECK_LOCAL].acquire(blocking=False)
