"""What the polls of a blog ask of the database on a working day."""

from datetime import timedelta

from moderator.domain.events.polling import Polled
from moderator.domain.queue import Job
from moderator.domain.site import WordPressAccess
from moderator.storage.base.database import Database
from moderator.storage.queue import Queue
from moderator.storage.wordpress import WordPressRows
from tests.builders import NOON
from tests.bulk import Past

LEASE = timedelta(seconds=30)


def poll(database: Database, past: Past, name: str) -> None:
    """Rounds from the beginning on and in the middle, one that fails, and the end of it."""
    rows, queue = WordPressRows(database), Queue(database)
    rows.connect("blog", WordPressAccess("https://blog.example.org", name, "secret"))
    place = rows.places(["blog", "hung"])["blog"]
    rows.known("blog", [f"old-{number}" for number in range(20)])
    for since in (NOON - timedelta(days=30), NOON - timedelta(days=3000)):
        _, after = rows.watched("blog", place, since)
        rows.watched("blog", after, since)
    rows.tried(past.id(7))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE queue SET due_at = 0 WHERE job = 'poll'")
    for result in (Polled(place, NOON, "away"), Polled(place, NOON), Polled()):
        tickets = queue.claim(Job.POLL, 20, token=f"{name}-poll", lease=LEASE)
        assert [ticket.site_id for ticket in tickets] == ["blog"]
        rows.finish([(ticket, result) for ticket in tickets], NOON)
    rows.disconnect("blog")
