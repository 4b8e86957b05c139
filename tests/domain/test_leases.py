"""Every job says how long a claim of it holds."""

from datetime import timedelta

from moderator.domain.queue import LEASES, Job
from moderator.usecases.judge.asking import DEADLINE_SECONDS


def test_every_job_has_a_lease_that_is_longer_than_a_remote_check_may_take() -> None:
    assert set(LEASES) == set(Job)
    assert min(LEASES.values()) > timedelta(seconds=DEADLINE_SECONDS)
