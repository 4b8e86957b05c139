"""A spun flood is as many lines of the queue as it has texts, and nothing honest stands in one."""

import pytest

from benchmarks.campaigns import flood, measure
from moderator.storage.base.database import Database


@pytest.mark.parametrize("batch", [1, 40])
def test_a_spun_flood_is_few_lines_and_mixes_nobody(database: Database, batch: int) -> None:
    groups, honest, pingbacks = 6, 12, 3
    everyone = flood(9, groups=groups, sent=60, honest=honest, pingbacks=pingbacks)
    found = measure(database, everyone, batch=batch)
    assert (found.held, found.spun) == (60 + honest + pingbacks, 60)
    assert found.spun_lines <= groups * 60 / 40
    assert found.lines == found.spun_lines + honest + pingbacks
    assert (found.pure, found.mixed) == (1.0, 0)
