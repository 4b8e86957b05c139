"""The service beside a WordPress that has nothing of it: each step is called by hand."""

import asyncio
import json
from datetime import timedelta

from moderator.bootstrap.event_log import StandardLog
from moderator.checks import LOCAL
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.wordpress import WordPressRows
from moderator.usecases.deliver import Deliver
from moderator.usecases.intake.accept import Accept
from moderator.usecases.wordpress.poll import Poll
from moderator.usecases.wordpress.round import RoundTools
from moderator.usecases.wordpress.set_status import SetStatus
from tests.house import House
from tests.wordpress import ACCESS, FakeWordPress, polled_site

ROOM = 1000


class Nobody:
    """A courier that is never sent."""

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        raise AssertionError(callback.id)

    async def rest(self) -> None:
        return None


class PolledHouse(House):
    def __init__(self, database: Database, blog: FakeWordPress) -> None:
        super().__init__(database, site=polled_site())
        self.blog, self.room = blog, ROOM
        self.polls = WordPressRows(database)
        self.polls.connect("blog", ACCESS)
        self.sites.look_again()
        self.deliveries = DeliveryRows(database)
        self.setter = SetStatus(blog, self.polls.tried, Nobody())

    def poll(self) -> None:
        """One round, as if its time had come."""
        self.hurry(Job.POLL)
        accept = Accept(IntakeRows(self.database), self.sites, self.hints, self.room)
        bytes_of = bytes(10).ljust  # every id is of another millisecond, or of another number
        ids = iter(range(10**6))
        tools = RoundTools(
            blog=self.blog,
            accept=accept,
            entropy=lambda n: bytes_of(n)[:2] + next(ids).to_bytes(n - 2),
            log=StandardLog(),
        )
        poll = Poll(
            self.queue, self.polls, self.sites, tools, self.deliveries.revive, self.new_token,
            timedelta(minutes=1),
        )  # fmt: skip
        assert asyncio.run(poll()) == 1

    def judge(self) -> None:
        """The local checks, and what they say goes to the blog."""
        while self.check(*LOCAL):
            pass
        self.tell()

    def tell(self, schedule: tuple[int, ...] = (60,)) -> None:
        self.hurry(Job.DELIVER)
        args = (self.queue, self.deliveries, self.sites, self.setter, self.new_token)
        asyncio.run(Deliver(*args, lambda: 0.0, schedule)())

    def known(self) -> dict[str, str]:
        """Status by the blog's id."""
        return {
            str(name): str(status)
            for name, status in self.rows("SELECT platform_id, status FROM submissions")
        }

    def id_of(self, comment: int) -> str:
        [[id_]] = self.rows(f"SELECT id FROM submissions WHERE platform_id = '{comment}'")  # noqa: S608
        return str(id_)

    def deciders(self, comment: int) -> list[str]:
        found = self.rows(
            "SELECT d.decided_by FROM decisions d JOIN submissions s ON s.id = d.submission_id"  # noqa: S608
            f" WHERE s.platform_id = '{comment}' ORDER BY d.sequence"
        )
        return [str(row[0]) for row in found]

    def told(self) -> list[tuple[str, str]]:
        """How it went with what no newer decision took the place of: state, error."""
        found = self.rows("SELECT state, last_error FROM deliveries WHERE state <> 'withdrawn'")
        return [(str(state), str(error)) for state, error in found]

    def payload(self, comment: int) -> dict[str, object]:
        [[payload]] = self.rows(f"SELECT payload FROM submissions WHERE platform_id = '{comment}'")  # noqa: S608
        read: dict[str, object] = json.loads(str(payload))
        return read

    def error(self) -> str:
        [[error]] = self.rows("SELECT error FROM wordpress_blogs")
        return str(error)
