"""The sweep finds what no hint announced, and has it done here when nobody can be told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.queue import Job
from moderator.usecases.run.sweep import (
    EVERY_SECONDS,
    EVERY_SECONDS_ALONE,
    ClockWatch,
    LateSweep,
    Sweep,
)
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
    left: datetime | None = None
    is_away: bool = False
    mended: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def oldest_due(self) -> dict[Job, datetime]:
        return self.due

    def work_is_due(self, job: Job) -> bool:
        self.hinted.append(job)
        return self.hears

    def beat(self) -> None:
        self.beats += 1

    def ahead(self) -> timedelta:
        return max(timedelta(), (self.left or self.time) - self.time)

    def mend(self, by: timedelta) -> None:
        if self.is_away:
            raise StorageUnavailableError
        self.mended.append(by)

    def sweep(self) -> Sweep:
        return Sweep(self, self, self.called.append, self.beat, ClockWatch(self))


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


def sweeps(world: World, sweep: Sweep | LateSweep, *seconds: float) -> list[timedelta]:
    """What was mended while it looked at these times after noon."""
    world.mended.clear()
    for second in seconds:
        world.time = NOON + timedelta(seconds=second)
        sweep()
    return list(world.mended)


def test_a_clock_that_goes_on_or_is_put_forward_needs_no_mending() -> None:
    world = World()
    assert sweeps(world, world.sweep(), 0, 1, 1, 0.5, 3600, 3601) == []


def test_what_was_due_by_a_clock_that_was_set_back_is_mended_and_once_more() -> None:
    world = World()
    sweep = world.sweep()
    hour = timedelta(hours=1)
    assert sweeps(world, sweep, 3600, 0, 1, 2) == [hour]
    assert sweeps(world, sweep, 3, 4, 5, 6, 49) == [hour]  # of who did not know it yet
    assert sweeps(world, sweep, 50, 51, 200) == [hour]  # of who still held what was claimed before


def test_signs_of_life_go_on_after_the_clock_was_set_back() -> None:
    world = World()
    sweeps(world, world.sweep(), 3600, 0, 15, 30)
    assert world.beats == 4


def test_a_sweeper_that_begins_sees_by_others_signs_that_the_clock_was_set_back() -> None:
    world = World(left=NOON + timedelta(minutes=5))
    sweep = world.sweep()
    assert sweeps(world, sweep, 0) == [timedelta(minutes=5)]
    world.left = NOON  # it is mended
    assert sweeps(world, sweep, 1) == []


def test_a_clock_that_was_ahead_while_nobody_looked_is_seen_by_what_was_written() -> None:
    world = World()
    sweep = world.sweep()
    hour = timedelta(hours=1)
    assert sweeps(world, sweep, 0, 1) == []
    world.left = NOON + hour + timedelta(seconds=2)
    assert sweeps(world, sweep, 2) == [hour]
    world.left = None
    assert sweeps(world, sweep, 3, 4, 5, 51, 52, 53) == [hour, hour]


def test_what_could_not_be_mended_is_mended_when_the_database_is_back() -> None:
    world = World(is_away=True)
    sweep = world.sweep()
    sweeps(world, sweep, 3600)
    with pytest.raises(StorageUnavailableError):
        sweeps(world, sweep, 0)
    with pytest.raises(StorageUnavailableError):
        sweeps(world, sweep, 20)
    world.is_away = False
    hour = timedelta(hours=1)
    assert sweeps(world, sweep, 21, 22, 49, 50, 51) == [hour, hour, hour]


def test_a_second_jump_forgets_nothing_of_the_first() -> None:
    world = World()
    sweep = world.sweep()
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert sweeps(world, sweep, 3600, 60, 0) == [timedelta(seconds=3540), minute]
    late = sweeps(world, sweep, 3, 4, 50, 51, 111, 3700)
    assert sorted(late) == [minute, minute, hour - minute, hour - minute]


def test_a_worker_does_what_is_long_due_and_leaves_the_rest_to_hints() -> None:
    due = {Job.CHECK_LOCAL: NOON - timedelta(seconds=6), Job.DELIVER: NOON - timedelta(seconds=5)}
    world = World(due)
    LateSweep(world, world.called.append, ClockWatch(world))()
    assert (world.called, world.hinted) == ([Job.CHECK_LOCAL], [])


def test_a_worker_sees_as_well_that_the_clock_was_set_back() -> None:
    world = World()
    sweep = LateSweep(world, world.called.append, ClockWatch(world))
    assert sweeps(world, sweep, 3600, 0, 2) == [timedelta(hours=1)]
