"""A worker that stood still for longer than its lease sends nothing that it held."""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.queue import LEASES, Job, Ticket
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.queue import Queue
from moderator.usecases.deliver import STALE, Deliver
from moderator.usecases.run import flow
from tests.builders import a_submission
from tests.house import House

LEASE = LEASES[Job.DELIVER]


class Blog:
    """A courier that says what it was given."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        self.sent.append(callback.id)
        return CallbackAnswer(204)

    async def rest(self) -> None:
        return None


class Watch:
    """Stands where the flow has its clock."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


class SlowQueue(Queue):
    """Its first claim is heard of late: the process stands still in between."""

    def __init__(self, database: Database, watch: Watch) -> None:
        super().__init__(database)
        self.watch = watch

    def claim(
        self, job: Job, limit: int, *, token: str, lease: timedelta,
        without_sites: Sequence[str] = (),
    ) -> list[Ticket]:  # fmt: skip
        named = {"token": token, "lease": lease, "without_sites": without_sites}
        tickets = super().claim(job, limit, **named)  # type: ignore[arg-type]  # as they came
        if tickets:
            self.watch.ahead = LEASE.total_seconds()
        return tickets


def a_callback(database: Database) -> House:
    house = House(database)
    house.send(a_submission("A word", id="one", platform_id="1"))
    house.check()
    return house


def deliver(house: House, queue: Queue, blog: Blog) -> Deliver:
    return Deliver(
        queue, DeliveryRows(house.database), house.sites, blog, house.new_token,
        lambda: 0.0, (60,),
    )  # fmt: skip


@pytest.mark.parametrize(("after", "sent"), [(LEASE - timedelta(seconds=1), 1), (LEASE, 0)])
def test_what_is_held_for_longer_than_its_lease_is_not_sent(
    database: Database, after: timedelta, sent: int
) -> None:
    house, blog = a_callback(database), Blog()
    work = deliver(house, Queue(database), blog)
    [ticket] = Queue(database).claim(Job.DELIVER, 1, token="mine", lease=LEASE)
    [loaded] = work.load([ticket])
    attempt = asyncio.run(work.work(ticket, loaded, lambda: ticket.claimed_at + after))
    assert (len(blog.sent), attempt.error == STALE) == (sent, not sent)


class HangingBlog(Blog):
    """It hears, and answers nothing; then the worker is to end."""

    def __init__(self, stopping: threading.Event) -> None:
        super().__init__()
        self.stopping = stopping

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        self.sent.append(callback.id)
        self.stopping.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")


def test_what_was_being_sent_when_the_worker_ended_counts_as_perhaps_heard(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "SHUTDOWN_SECONDS", 0.1)
    house, stopping = a_callback(database), threading.Event()
    blog = HangingBlog(stopping)
    asyncio.run(replace(deliver(house, Queue(database), blog), stopping=stopping)())
    assert len(blog.sent) == 1
    [(token, attempts)] = house.rows("SELECT token, attempts FROM queue WHERE job = 'deliver'")
    assert (token, attempts) == (None, 1)  # at once another's, and no more as if never tried


def test_standing_still_before_the_claim_is_heard_of_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, blog, watch = a_callback(database), Blog(), Watch()
    monkeypatch.setattr(flow, "time", watch)
    assert asyncio.run(deliver(house, SlowQueue(database, watch), blog)()) == 1
    assert blog.sent == []
