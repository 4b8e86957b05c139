"""Callbacks of a backlog: a blog that hangs holds up nobody else, and gives back what it had."""

import asyncio
from collections.abc import Iterable

from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.queue import Ticket
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.queue import Queue
from moderator.usecases.deliver import FLOW_LIMITS, Deliver
from moderator.usecases.run.turns import UNTOUCHED
from tests.builders import NOON, a_site, a_submission
from tests.clockwork import put_forward, run
from tests.house import BLOG, House

MANY = 3 * FLOW_LIMITS.per_site


class WatchedQueue(Queue):
    """Says when something was given back."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.loop = asyncio.get_running_loop()
        self.given_back = asyncio.Event()

    def hand_back(self, tickets: Iterable[Ticket]) -> None:
        super().hand_back(tickets)
        self.loop.call_soon_threadsafe(self.given_back.set)


class Blogs:
    """A courier: the blog "hung" does not answer until it is let go."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.sent: dict[str, list[str]] = {"hung": [], "blog": []}
        self.stirred = asyncio.Event()

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        self.sent[site.id].append(callback.id)
        self.stirred.set()
        if site.id == "hung":
            await self.go_on.wait()
        return CallbackAnswer(204)

    async def rest(self) -> None:
        return None

    async def wait_for(self, site_id: str, count: int) -> None:
        while len(self.sent[site_id]) < count:
            self.stirred.clear()
            await self.stirred.wait()


def a_backlog(database: Database) -> House:
    house = House(database)
    hung = a_site(id="hung", callback_url=BLOG.callback_url)
    house.sites.add(hung, key_prefix="mod_h", key_digest="h", now=NOON)
    for site in ("hung", "blog"):
        house.send(
            *(
                a_submission(f"{site} {n}", id=f"{site}{n:03}", platform_id=f"{n}", site_id=site)
                for n in range(MANY)
            )
        )
    house.check()
    with database.write() as connection:  # more of the blog that hangs are first than it may run
        connection.exec_driver_sql("UPDATE queue SET due_at = 0 WHERE site_id = 'hung'")
    return house


async def with_a_hung_blog(house: House) -> tuple[int, list[tuple[object, ...]]]:
    blogs, queue = Blogs(), WatchedQueue(house.database)
    deliver = Deliver(
        queue, DeliveryRows(house.database), house.sites, blogs, house.new_token,
        lambda: 0.0, (60,),
    )  # fmt: skip
    drain = asyncio.ensure_future(deliver())
    await blogs.wait_for("hung", FLOW_LIMITS.per_site)
    await blogs.wait_for("blog", MANY)
    put_forward(UNTOUCHED + 1)  # and still it hangs: what it had not begun is given back
    await queue.given_back.wait()
    under_way = len(blogs.sent["hung"])
    left = house.rows("SELECT DISTINCT attempts FROM queue WHERE token IS NULL")
    blogs.go_on.set()
    await drain
    return under_way, left


def test_a_hung_blog_holds_up_nobody_and_keeps_nothing(database: Database) -> None:
    house = a_backlog(database)
    under_way, left = run(with_a_hung_blog(house))
    assert (under_way, left) == (FLOW_LIMITS.per_site, [(0,)])
    assert house.rows("SELECT state, count(*) FROM deliveries GROUP BY state") == [
        ("delivered", 2 * MANY)
    ]
