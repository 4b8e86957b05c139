"""What failed waits longer each time, and never without end."""

from itertools import pairwise

from moderator.domain.queue import LONGEST_WAIT, Job, Ticket, backoff


def test_the_wait_grows_up_to_its_end() -> None:
    waits = [backoff(attempts) for attempts in range(1, 2_000)]
    assert all(before <= after for before, after in pairwise(waits))
    assert waits[0] < waits[1] < waits[-1] == LONGEST_WAIT


def test_work_names_its_submission() -> None:
    named = {
        Job.CHECK_LOCAL: "0190a-b",
        Job.DELIVER: "msg_0190a-b-12",
        Job.SEND_FEEDBACK: "0190a-b-12",
        Job.TRAIN_SITE_MODEL: "0190a-b",
    }
    for job, subject in named.items():
        assert Ticket(1, "t", job, subject, "blog", 1).submission_id == "0190a-b"
