"""The sweep finds what no hint announced, and works itself when nobody can be told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderator.domain.jobs import Job
from moderator.usecases.sweep import Sweep
from tests.builders import NOON


@dataclass
class World:
    """A queue, a hint channel, a heart and an attic in one."""

    due: dict[Job, datetime] = field(default_factory=dict)
    time: datetime = NOON
    hears: bool = True
    hinted: list[Job] = field(default_factory=list)
    drained: list[Job] = field(default_factory=list)
    beats: int = 0
    purges: int = 0

    def now(self) -> datetime:
        return self.time

    def oldest_due(self) -> dict[Job, datetime]:
        return self.due

    def work_is_due(self, job: Job) -> bool:
        self.hinted.append(job)
        return self.hears

    def beat(self, name: str) -> None:
        self.beats += 1

    def purge(self) -> int:
        self.purges += 1
        return 0

    def sweep(self) -> Sweep:
        def drain(job: Job) -> int:
            self.drained.append(job)
            return 1

        drains = {job: lambda job=job: drain(job) for job in Job}
        return Sweep(self, self, drains, self, self)


def test_due_work_is_hinted_and_left_to_the_workers() -> None:
    world = World({Job.CHECK: NOON, Job.DELIVER: NOON + timedelta(seconds=1)})
    assert world.sweep()() == 0
    assert (world.hinted, world.drained) == ([Job.CHECK], [])


def test_it_works_itself_when_nobody_can_be_told() -> None:
    world = World({Job.CHECK: NOON}, hears=False)
    assert world.sweep()() == 1
    assert world.drained == [Job.CHECK]


def test_it_works_itself_when_the_workers_do_not_come() -> None:
    world = World({Job.DELIVER: NOON - timedelta(seconds=6)})
    world.sweep()()
    assert world.drained == [Job.DELIVER]


def test_it_gives_signs_of_life_and_purges_now_and_then() -> None:
    world = World()
    sweep = world.sweep()
    for second in range(0, 3601, 5):
        world.time = NOON + timedelta(seconds=second)
        sweep()
    assert (world.beats, world.purges) == (241, 2)
