"""The page about scaling says what its costs come to."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.capacity import FULL, Costs, cost_table, needs, peak, table

PAGE = Path(__file__).parents[2] / "docs" / "scaling.md"


def test_the_page_has_the_tables_as_they_come_out() -> None:
    text = PAGE.read_text()
    assert cost_table() in text
    assert table() in text


def test_a_machine_at_its_peak_has_no_time_left() -> None:
    costs = Costs()
    assert peak(2) * costs.all_us == pytest.approx(2_000_000, rel=0.01)
    assert peak(4) == pytest.approx(2 * peak(2), abs=1)


def test_what_costs_twice_needs_twice() -> None:
    costs = Costs()
    dear = replace(costs, postgres_us=2 * costs.postgres_us, wal_bytes=2 * costs.wal_bytes)
    once, twice = needs(10_000), needs(10_000, dear)
    assert twice.wal_mb == 2 * once.wal_mb
    assert twice.postgres == pytest.approx(2 * once.postgres, abs=1)
    assert once.postgres * FULL * 1e6 >= 10_000 * costs.postgres_us
