"""Whatever a moderator asks of the queue, its page asks the database a dozen things at most."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import product
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert, select

from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import Tab
from moderator.domain.pages.find import Mark, Sort
from moderator.domain.submission import Author
from moderator.storage.dashboard import find, known
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.schema.tables import notes, submissions
from tests.builders import NOON, a_submission
from tests.statements import counting
from tests.stock import stock
from tests.web.desk import Browser, Office

MOST = 12
FEWEST = 9  # of the longest way: else nothing was gone to its end
CLAIMED = timedelta(seconds=61)  # after which lines are claimed anew
# A session in use is written every five minutes, whatever page is asked for.
NOT_COUNTED = ("BEGIN", "UPDATE sessions")
OLDER = re.compile(r'<p class="more">.*?href="([^"]+before=[^"]+)"')
GROUPS, MEMBERS = 40, 3  # of what is held
HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
WORDS = ("", "river", "shore number7")
FILTERS: tuple[dict[str, str | list[str]], ...] = (
    {},
    {"filters": "1"},
    {"site": "blog", "kind": "comment", "reason": "advertising", "language": "en"},
    {"least": "0.1", "most": "0.9", "age": "-1", "is": [mark.value for mark in Mark]},
)


@pytest.fixture
def crowded(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """As a hundred thousand would be: each way to a page is gone to its end."""
    for module, name, value in (
        (known, "FEW", 5), (find, "STEP", 8), (find, "BUDGET", 64),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(DashboardRows.__init__, "__kwdefaults__", {"window": GROUPS + 5})
    for number in range(GROUPS * MEMBERS):
        group, when = number % GROUPS, NOON + timedelta(seconds=number)
        text = f"The shore of the river, number{group}, and all who live beside it: come and look!"
        one = a_submission(text, author=Author(name="Ann", email="a@example.net"))
        own = f"{number + 1:032x}"
        one = replace(one, id=own, platform_id=own, created_at=when, received_at=when)
        stock(office.database, one, HOLD)
    with office.database.write() as connection:
        for id_ in connection.scalars(select(submissions.c.id)).all():
            row = {"id": f"n{id_}", "submission_id": id_, "site_id": "blog", "words": "Look"}
            by = {"moderator_id": "m", "moderator_name": "ben", "written_at": 0}
            connection.execute(insert(notes).values(**row, **by))
    return office


@pytest.mark.parametrize("name", ["anna", "ben"])
@pytest.mark.parametrize("tab", [Tab.HELD, Tab.ALL])
def test_every_view_of_the_queue_takes_few_statements(crowded: Office, name: str, tab: Tab) -> None:
    """In every order, by every word and filter, with a claim and without, on the next page too."""
    browser, seen = crowded.browser(name), dict[str, list[str]]()
    for sort, words, more in product(Sort, WORDS, FILTERS):
        asked = {"shelf": tab.value, "sort": sort, "q": words, **more}
        path = f"/queue?{urlencode(asked, doseq=True)}"
        crowded.now += CLAIMED
        page = looked(crowded, browser, path, seen)
        if older := OLDER.search(page):
            looked(crowded, browser, unescape(older[1]), seen)
    assert max(map(len, seen.values())) >= FEWEST
    assert {path: asked for path, asked in seen.items() if len(asked) > MOST} == {}


def test_what_was_done_is_told_in_few_statements(crowded: Office) -> None:
    browser, seen = crowded.browser("anna"), dict[str, list[str]]()
    id_ = f"{GROUPS:032x}"
    browser.decide(id_, "spam")
    some = {"verdict": "spam", "item": f"{GROUPS + 1:032x}.1.1"}
    acted = browser.submit("/queue", "/bulk/decide", **some).location.partition("?")[2]
    for note in (f"done={id_}", f"missed={id_}&wanted=spam", f"lost={id_}&wanted=spam", acted):
        crowded.now += CLAIMED
        page = looked(crowded, browser, f"/queue?{note}", seen)
        assert 'class="banner" role="status"><p>' in page
    assert {path: asked for path, asked in seen.items() if len(asked) > MOST} == {}


def looked(office: Office, browser: Browser, path: str, seen: dict[str, list[str]]) -> str:
    with counting(office.database) as statements:
        page = browser.get(path)
    assert page.status_code == 200, path
    seen[path] = [one for one in statements if not one.startswith(NOT_COUNTED)]
    return page.text
