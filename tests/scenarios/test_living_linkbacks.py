"""What becomes of an approved linkback while its source lives on."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import RemoteTools
from moderator.domain.events.arrival import Event
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import webmention
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from tests.builders import NOON, POST, a_pingback
from tests.fakes import RULES
from tests.house import BLOG, Blog, House
from tests.intake.calls import SOURCE, a_call, form
from tests.pages import NoMemory, NoSpamService, Pages
from tests.scenarios.slow import SlowLooks, Slowness, Write

LINK = f'<a href="{POST.url}">The river</a>'
MENTION = form(source=SOURCE, target=POST.url)


def page(said: str) -> str:
    return f"<title>Weekend reading</title><p>{said} {LINK} every single March.</p>"


FIRST = page("I walk along the banks of")
EDITED = page("Corrected: I swim through the cold water of")


class Living:
    """A house with one webmention, and the web around it."""

    def __init__(self, database: Database) -> None:
        self.house = House(database)
        self.web = Pages({SOURCE: FIRST})
        self.ways = RemoteTools(self.web, NoSpamService(), NoMemory())
        self.blog = Blog()
        self.mention()
        self.work()

    def mention(self) -> None:
        IntakeRows(self.house.database).add([webmention.parse(MENTION, a_call())], RULES)

    def work(self) -> None:
        while self.house.check(*LOCAL, remote=REMOTE) + self.house.reach(*REMOTE, ways=self.ways):
            pass
        self.house.deliver(self.blog)

    def look(self) -> None:
        self.house.reverify(self.ways)
        self.work()

    @property
    def status(self) -> str:
        return self.house.status("0001")

    @property
    def events(self) -> list[object]:
        return [
            row[0]
            for row in self.house.rows("SELECT event FROM deliveries ORDER BY created_at, id")
        ]

    @property
    def told(self) -> dict[str, object]:
        return self.blog.got[-1]

    @property
    def looks(self) -> list[tuple[object, ...]]:
        return self.house.rows("SELECT due_at FROM queue WHERE job = 'reverify'")


@pytest.fixture
def living(database: Database) -> Living:
    return Living(database)


def test_an_approved_one_is_looked_at_again_soon_and_then_as_scheduled(living: Living) -> None:
    assert living.status == "approved"
    decided_at = int(str(living.house.rows("SELECT decided_at FROM decisions")[0][0]))
    assert living.looks == [(decided_at + 600_000,)]
    now = living.house.queue.now()
    ahead = int((now - NOON).total_seconds()) + 3_600
    living.house.reverify(living.ways, schedule=(60, ahead, ahead + 60))
    received = int(NOON.timestamp() * 1000)
    assert living.looks == [(received + ahead * 1000,)]
    living.house.reverify(living.ways, schedule=(60,))
    assert living.looks == []
    assert living.events == ["verdict.issued"]


def test_an_edited_page_is_an_update_with_what_it_says_now(living: Living) -> None:
    living.web.pages = {SOURCE: EDITED}
    living.look()
    assert living.events == ["verdict.issued", "linkback.updated"]
    assert (living.status, living.told["status"]) == ("approved", "approved")
    linkback = cast("dict[str, object]", living.told["linkback"])
    assert str(linkback["excerpt"]).startswith("Corrected: I swim")
    living.look()
    assert len(living.events) == 2


@pytest.mark.parametrize(
    "now", ["<p>The link is gone</p>", '<meta http-equiv="status" content="410 Gone">']
)
def test_a_lost_link_is_removed_and_comes_back(living: Living, now: str) -> None:
    living.web.pages = {SOURCE: now}
    living.house.reverify(living.ways, schedule=(10**10,))
    living.work()
    assert (living.status, living.events[-1]) == ("trash", "linkback.removed")
    told = living.told
    assert (told["status"], told["expected_status"]) == ("trash", "approved")
    assert cast("dict[str, object]", told["decided_by"])["kind"] == "rule"
    living.web.pages = {SOURCE: FIRST}
    living.look()
    assert (living.status, living.events[-1]) == ("approved", "linkback.updated")


def test_a_repeated_mention_is_looked_at_at_once(living: Living) -> None:
    living.house.reverify(living.ways, schedule=())
    assert living.looks == []
    living.web.pages = {SOURCE: "<p>Nothing</p>"}
    for _ in range(3):
        living.mention()
    assert len(living.looks) == 1
    living.look()
    assert living.status == "trash"
    living.web.pages = {SOURCE: EDITED}
    living.mention()
    living.look()
    assert living.status == "approved"


def test_silence_removes_nothing(living: Living) -> None:
    living.web.pages = {}
    for _ in range(6):
        living.house.reverify(living.ways, schedule=(10**10,))
    assert (living.status, len(living.looks)) == ("approved", 1)
    assert living.events == ["verdict.issued"]


def test_a_link_that_is_hidden_now_is_held(living: Living) -> None:
    living.web.pages = {SOURCE: f"<title>Weekend</title><div hidden>{LINK}</div>"}
    living.look()
    assert (living.status, living.events[-1]) == ("hold", "verdict.revised")


def test_what_an_edited_page_says_is_judged(living: Living) -> None:
    other = f"{SOURCE}/2"
    living.web.pages = {SOURCE: FIRST, other: EDITED}
    call = a_call(new_id=lambda: "0002", received_at=NOON + timedelta(seconds=1))
    mention = webmention.parse(form(source=other, target=POST.url), call)
    IntakeRows(living.house.database).add([mention], RULES)
    living.work()
    assert living.house.status("0002") == "approved"
    living.web.pages = {SOURCE: FIRST, other: FIRST}
    living.look()
    assert living.house.status("0002") == "trash"
    assert living.told["duplicate_of"] == living.blog.got[0]["comment"]["id"]  # type: ignore[index]  # JSON


def test_a_persons_word_stands_while_the_link_does(living: Living) -> None:
    living.house.moderate("0001", Verdict.SPAM, seen=1, version=2)  # its source was read
    living.web.pages = {SOURCE: EDITED}
    living.mention()
    living.look()
    assert living.status == "spam"


def slow_look(living: Living) -> list[Write]:
    """A look whose worker is slow to write."""
    slowness = Slowness()
    living.house.looks = SlowLooks(living.house.database, slowness)
    slowness.is_slow = True
    living.house.reverify(living.ways, schedule=(10**10,))
    slowness.is_slow = False
    return slowness.take()


def test_a_look_says_nothing_under_what_a_person_decided_meanwhile(living: Living) -> None:
    living.web.pages = {SOURCE: f"<title>Weekend</title><div hidden>{LINK}</div>"}
    living.look()
    living.web.pages = {SOURCE: EDITED}
    living.mention()
    writes = slow_look(living)
    living.house.moderate("0001", Verdict.APPROVE, seen=2, version=2)
    for write in writes:
        write()
    living.work()
    assert "Corrected" not in str(living.house.rows("SELECT payload FROM submissions"))
    living.look()
    assert (living.status, living.events[-1]) == ("approved", "linkback.updated")
    assert "Corrected" in str(living.told["linkback"])


def test_what_a_person_holds_waits_for_a_person_though_the_link_is_gone(database: Database) -> None:
    house = House(database)
    ways = RemoteTools(Pages({SOURCE: FIRST}), NoSpamService(), NoMemory())
    ping = a_pingback(SOURCE, "I walk along the banks every single March.", status="hold")
    house.send(ping)
    house.check(*LOCAL, remote=REMOTE)
    house.reach(*REMOTE, ways=ways)
    assert house.status("0001") == "approved"
    house.send(ping, event=Event.STATUS_CHANGED)
    for page_now in ("<p>Gone</p>", FIRST):
        house.reverify(replace(ways, fetcher=Pages({SOURCE: page_now})), schedule=(10**10,))
        assert house.status("0001") == "hold"


def test_a_second_look_in_the_middle_of_the_first_is_judged(database: Database) -> None:
    keyed = replace(BLOG, akismet_key="0123456789ab")
    house = House(database, site=keyed)
    web, mention = Pages({SOURCE: "<p>Nothing</p>"}), webmention.parse(MENTION, a_call())
    ways = RemoteTools(web, NoSpamService(), NoMemory())
    again = webmention.parse(MENTION, a_call(new_id=lambda: "0002"))
    IntakeRows(database).add([mention], RULES)
    house.check(*LOCAL, remote=REMOTE)
    house.reach(*REMOTE, ways=ways)
    assert house.status("0001") == "spam"
    for page_now in (FIRST, EDITED):
        web.pages = {SOURCE: page_now}
        IntakeRows(database).add([again], RULES)
        house.reverify(ways)
        house.check(*LOCAL, remote=REMOTE)
    waiting = house.rows("SELECT job, attempts FROM queue WHERE job IN ('check', 'reach')")
    assert waiting == [("reach", 0)]
    house.reach(*REMOTE, ways=ways)
    assert house.status("0001") == "hold"  # Akismet is silent
    assert "Corrected" in str(house.rows("SELECT payload FROM submissions"))


def test_a_refused_claim_that_is_repeated_is_judged_anew(database: Database) -> None:
    living = Living(database)
    living.web.pages = {SOURCE: "<p>Not yet</p>", f"{SOURCE}/2": "<p>Not yet</p>"}
    call = a_call(new_id=lambda: "0002", received_at=NOON + timedelta(seconds=1))
    mention = webmention.parse(form(source=f"{SOURCE}/2", target=POST.url), call)
    IntakeRows(database).add([mention], RULES)
    living.work()
    assert living.house.status("0002") == "spam"
    living.web.pages[f"{SOURCE}/2"] = EDITED
    IntakeRows(database).add([mention], RULES)
    living.look()
    assert living.house.status("0002") == "approved"
