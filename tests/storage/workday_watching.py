"""What the sweeper's clock and whoever watches the service ask on a working day."""

from datetime import timedelta

from moderator.domain.decisions.metrics import REQUESTS, Count
from moderator.storage.base.database import Database
from moderator.storage.upkeep.clock_set_back import ClockSetBack
from moderator.storage.upkeep.metrics import MetricRows


def watch(database: Database) -> None:
    assert ClockSetBack(database).ahead() >= timedelta()
    metrics = MetricRows(database)
    count = Count(REQUESTS.name, ("watched",), "", 2.0)
    metrics.add([count])
    assert count.number <= sum(one.number for one in metrics.counts() if one.labels == count.labels)
    assert metrics.levels()
