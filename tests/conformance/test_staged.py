"""The suite's staged page: a webmention that is edited, loses its link, has it again, is gone."""

from collections.abc import Iterator

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.clients.fetch.budget import HostBudget
from moderator.clients.fetch.fetcher import GuardedFetcher
from moderator.domain.check import RemoteTools
from moderator.intake.linkback import webmention
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from tests.builders import NOON, POST, a_site
from tests.conformance.linkbacks import ask, origin
from tests.fakes import RULES
from tests.house import Blog, House
from tests.intake.calls import a_call, form
from tests.pages import NoMemory, NoSpamService
from tests.shared import shared_or_skip

LINK, NO_LINK, GONE, EDITED = range(4)


class Staged:
    """A house, the real guarded door, and the origin's staged page."""

    def __init__(self, database: Database, port: int) -> None:
        self.port = port
        self.name = database.engine.dialect.name
        self.house = House(database)
        self.site = a_site(
            id="staged",
            callback_url="https://blog.example.org/verdict",
            source_addresses=frozenset({("127.0.0.1", port)}),
        )
        self.house.sites.add(self.site, key_prefix="mod_s", key_digest="s", now=NOON)
        fetcher = GuardedFetcher(budget=HostBudget(requests=1_000, silence=0))
        self.ways = RemoteTools(fetcher, NoSpamService(), NoMemory())
        self.blog = Blog()

    def mention(self) -> None:
        source = f"http://127.0.0.1:{self.port}/s/{self.name}"
        call = a_call(site=self.site, received_at=self.house.queue.now())
        sent = webmention.parse(form(source=source, target=POST.url), call)
        IntakeRows(self.house.database).add([sent], RULES)
        self.work()

    def work(self) -> None:
        while self.house.check(*LOCAL, remote=REMOTE) + self.house.reach(*REMOTE, ways=self.ways):
            pass
        self.house.deliver(self.blog)

    def at(self, stage: int) -> tuple[str, str, str]:
        """What the blog is told last once the page is at this stage: event, status, excerpt."""
        ask(self.port, f"__stage/{self.name}/{stage}")
        self.house.reverify(self.ways)
        self.work()
        return self.told()

    def told(self) -> tuple[str, str, str]:
        last = "SELECT event FROM deliveries ORDER BY created_at DESC, id DESC LIMIT 1"
        [(event,)] = self.house.rows(last)
        linkback = self.blog.got[-1]["linkback"]
        assert isinstance(linkback, dict)
        return str(event), str(self.blog.got[-1]["status"]), str(linkback["excerpt"])


@pytest.fixture
def staged(database: Database) -> Iterator[Staged]:
    with origin(shared_or_skip("conformance/linkback"), POST.url) as port:
        yield Staged(database, port)


def test_a_page_lives_changes_and_dies(staged: Staged) -> None:
    original, edited = "Original text with your post in it.", "Edited text with your post in it."
    staged.mention()
    assert staged.told() == ("verdict.issued", "approved", original)
    assert staged.at(EDITED) == ("linkback.updated", "approved", edited)
    assert staged.at(NO_LINK)[:2] == ("linkback.removed", "trash")
    assert staged.at(LINK) == ("linkback.updated", "approved", original)
    assert staged.at(GONE)[:2] == ("linkback.removed", "trash")
    assert len(staged.blog.got) == 5


def test_a_mention_of_a_page_that_is_gone_never_appears(staged: Staged) -> None:
    ask(staged.port, f"__stage/{staged.name}/{GONE}")
    staged.mention()
    assert staged.told()[:2] == ("verdict.issued", "spam")
