"""What Akismet clients ask of the database on a working day."""

from collections.abc import Sequence

from moderator.domain.pages.feed import FeedSlice
from moderator.storage.answering.decided import AnswerRows
from moderator.storage.answering.tally import TallyRows
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import GUIDS
from moderator.storage.history.mentions import MentionRows
from moderator.storage.people.sites import SiteRows
from tests.builders import NOON, a_pingback
from tests.bulk import HOT_SOURCE


def ask(database: Database, ids: Sequence[str], key: str) -> None:
    """Wait for these, be told late, count, and look for the guids of later answers."""
    answers, tally, sites = AnswerRows(database), TallyRows(database), SiteRows(database)
    answers.decided(ids)
    answers.told_late(ids[0])
    for _ in range(2):
        tally.add({("blog", 202603, f"{key}.example"): {"api_calls": 1, "spam": 1}})
    tally.lines("blog", 202603)
    sites.add_client_key("blog", key, now=NOON, expires_at=NOON)
    sites.suspend_client_keys("blog", is_suspended=False)
    sites.by_client_key(key, now=NOON)
    with database.read() as connection:
        GUIDS.run(connection, ids)


def read_feeds(database: Database) -> None:
    """As readers of a page do, and who builds a site."""
    rows, page = MentionRows(database), a_pingback(HOT_SOURCE).post.url
    for is_rising in (False, True):
        part = FeedSlice(100, 1_000, is_rising=is_rising)
        rows.of_page("blog", page, part)
        rows.of_site("blog", part)
    rows.count("blog", page)
