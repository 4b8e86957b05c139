"""A platform's own message, judged, and what the platform is told in its own words."""

from dataclasses import replace
from typing import cast

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import RemoteTools
from moderator.platforms import INBOUND
from moderator.platforms.mapping import Inbound
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from tests.builders import a_site
from tests.fakes import RULES
from tests.house import Blog, House
from tests.pages import NoMemory, NoSpamService, Pages
from tests.platforms.ground import SEEN, arrival_of

EACH = pytest.mark.parametrize("platform", INBOUND, ids=[each.name for each in INBOUND])
MENTION = "https://amy.example/2026/1446953889"
ALICE = "https://alice.example/"
TARGET = "https://blog.example.org/2026/03/the-river"
PAGE = f'<p class="e-content">Well said there: <a href="{TARGET}">the river</a></p>'
GIVEN = {"isso": "23", "django-contrib-comments": "7", "waline": "4", "twikoo": "0a1b2c"}


def told(database: Database, platform: Inbound, denied: tuple[str, ...] = ()) -> dict[str, object]:
    """What a site of this platform is told of the message that was seen."""
    site = a_site(platform=platform.name, callback_url="https://blog.example.org/verdicts")
    allowed = () if denied else ("alice.example",)
    policy = replace(site.policy, denylist=denied, allowlist=allowed)
    house = House(database, site=replace(site, policy=policy))
    arrival = arrival_of(platform.name, SEEN[platform.name])
    said = replace(arrival.submission, by_door=platform.forwards)
    IntakeRows(database).add([replace(arrival, submission=said)], RULES)
    ways = RemoteTools(Pages({MENTION: PAGE, ALICE: "<p>Me."}), NoSpamService(), NoMemory())
    house.check(*LOCAL, remote=REMOTE)
    house.reach(*REMOTE, ways=ways)
    blog = Blog()
    house.deliver(blog)
    [callback] = blog.got
    return callback


@EACH
def test_what_is_wanted_is_approved_in_its_words(database: Database, platform: Inbound) -> None:
    callback = told(database, platform)
    assert callback["status"] == "approved"
    words = {"coral": "APPROVED", "isso": "1", "django-contrib-comments": "approve"}
    assert callback["status_native"] == words.get(platform.name, "approved")
    comment = cast("dict[str, object]", callback["comment"])
    assert comment["exists"] is not platform.forwards
    if platform.name in GIVEN:
        assert comment["id"] == GIVEN[platform.name]


@EACH
def test_what_is_spam_is_so_in_its_words(database: Database, platform: Inbound) -> None:
    callback = told(database, platform, ("the", "well", "stop", "amy.example"))
    assert callback["status"] == "spam"
    words = {"coral": "REJECTED", "isso": "4", "django-contrib-comments": "delete"}
    assert callback["status_native"] == words.get(platform.name, "spam")


def test_a_forwarded_mention_has_what_a_row_needs(database: Database) -> None:
    [mentions] = [each for each in INBOUND if each.name == "webmention.io"]
    linkback = cast("dict[str, object]", told(database, mentions)["linkback"])
    assert (linkback["type"], linkback["source"]) == ("reply", MENTION)
    assert linkback["author"] == {"name": "Amy", "url": "https://amy.example/about#me"}
