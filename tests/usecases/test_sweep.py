"""The sweep finds what no hint announced, and has it done here when nobody can be told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderator.domain.queue import Job
from moderator.usecases.run.sweep import EVERY_SECONDS, EVERY_SECONDS_ALONE, Sweep
from tests.builders import NOON


@dataclass
class World:
    """A queue and a hint channel in one."""

    due: dict[Job, datetime] = field(default_factory=dict)
    time: datetime = NOON
    hears: bool = True
    hinted: list[Job] = field(default_factory=list)
    called: list[Job] = field(default_factory=list)
    beats: int = 0

    def now(self) -> datetime:
        return self.time

    def oldest_due(self) -> dict[Job, datetime]:
        return self.due

    def work_is_due(self, job: Job) -> bool:
        self.hinted.append(job)
        return self.hears

    def beat(self) -> None:
        self.beats += 1

    def sweep(self) -> Sweep:
        return Sweep(self, self, self.called.append, self.beat)


def test_due_work_is_hinted_and_left_to_the_workers() -> None:
    world = World({Job.CHECK_LOCAL: NOON, Job.DELIVER: NOON + timedelta(seconds=1)})
    assert world.sweep()() == EVERY_SECONDS
    assert (world.hinted, world.called) == ([Job.CHECK_LOCAL], [])


def test_it_has_the_work_done_here_when_nobody_can_be_told_and_looks_again_soon() -> None:
    world = World({Job.CHECK_LOCAL: NOON, Job.DELIVER: NOON}, hears=False)
    sweep = world.sweep()
    assert sweep() == EVERY_SECONDS_ALONE
    assert world.called == [Job.CHECK_LOCAL, Job.DELIVER]
    world.due = {}
    assert sweep() == EVERY_SECONDS_ALONE
    world.hears, world.due = True, {Job.CHECK_LOCAL: NOON}
    assert sweep() == EVERY_SECONDS
    assert world.called == [Job.CHECK_LOCAL, Job.DELIVER]


def test_it_has_the_work_done_here_when_the_workers_do_not_come() -> None:
    world = World({Job.DELIVER: NOON - timedelta(seconds=6)})
    assert world.sweep()() == EVERY_SECONDS
    assert world.called == [Job.DELIVER]


def test_it_gives_signs_of_life_now_and_then() -> None:
    world = World()
    sweep = world.sweep()
    for second in range(0, 3601, 5):
        world.time = NOON + timedelta(seconds=second)
        sweep()
    assert world.beats == 241
