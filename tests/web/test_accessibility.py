"""Every page, light and dark, wide and narrow: nothing too small to hit, nothing off the screen.

Each page in one of these looks; with EVERY_STATE=1 (`make test-all`) in all of them. With AXE_CORE
naming a copy of axe.min.js (npm `axe-core`), its rules are asked too.
"""

import os
from pathlib import Path

import pytest
from sqlalchemy import update

from moderator.domain.submission import Submission
from moderator.storage.schema.tables import deliveries
from moderator.storage.upkeep.counting import CountingRows
from tests.browser import Chromium
from tests.stock import stock_campaign
from tests.web.desk import PASSWORD, Office
from tests.web.scenery import furnish, let_through

SMALL = """[...document.querySelectorAll('button, nav a, .button, summary, .lines a')]
  .filter(one => {const box = one.getBoundingClientRect(); return box.height && box.height < 32})
  .map(one => one.outerHTML.slice(0, 90))"""
AXE = """axe.run(document, {runOnly:
  ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
  .then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 90)]))"""
LOOKS = [(1280, False), (320, True), (390, False), (1920, True), (1280, True), (390, True)]
EVERY_STATE = bool(os.environ.get("EVERY_STATE"))
# Notes what the page's own policy refused.
REPORTS = """addEventListener('securitypolicyviolation',
  event => (window.refused ??= []).push(event.violatedDirective))"""


@pytest.fixture(scope="module")
def axe() -> str:
    path = os.environ.get("AXE_CORE")
    return Path(path).read_text("utf-8") if path else ""


def faults(chromium: Chromium, axe: str) -> list[object]:
    """What is wrong with the page as it is shown now, with everything unfolded."""
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    found: list[object] = list(chromium.run(SMALL))
    width = chromium.run("[document.documentElement.scrollWidth, innerWidth]")
    if width[0] > width[1]:
        found.append(f"{width[0]} px wide")
    found += chromium.run("window.refused ?? []")
    if axe:
        chromium.run(f"{axe}; 0")
        found += chromium.run(AXE)
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "empty"])
def test_every_page_can_be_used_by_everybody(
    office: Office, chromium: Chromium, axe: str, address: str, *, is_full: bool
) -> None:
    submissions = furnish(office.database, "blog", office.now) if is_full else []
    token = office.sign_in.renew("eve", now=office.now)
    chromium.call("Network.clearBrowserCookies")
    chromium.call("Page.addScriptToEvaluateOnNewDocument", source=REPORTS)
    pages = ["/login", "/login?next=/submissions/s1?lost%3Ds1", f"/welcome/{token}", "/welcome/x"]
    for number, page in enumerate(pages):
        look_at(chromium, axe, address + page, number)
    chromium.open(f"{address}/login")
    chromium.leave(
        "document.querySelector('#name').value = 'anna';"
        f"document.querySelector('#password').value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )
    campaign = stock_campaign(office.database, *submissions[:6], similarity=0.83) if is_full else ""
    if is_full:
        let_through(office.database)
        fill_in(office, submissions)
    ones = [submissions[number] for number in (0, 1, 8, 12, 13)] if is_full else []
    pages = ["/queue", "/queue?shelf=all", "/queue?shelf=sample", "/queue?shelf=discarded", "/log"]
    pages += ["/queue?filters=1", "/queue?q=nothing&kind=comment", "/queue?sort=honest"]
    pages += ["/help", "/not-judged", "/nowhere", "/queue?shelf=nowhere"]
    pages += ["/stats", "/people", "/account", "/account?done=password", "/sites", "/sites/blog"]
    pages += ["/sites/none", "/log?what=note", "/log?who=people&kind=pingback", "/log?before=1.x"]
    pages += [f"/queue?{note}={one.id}" for note in ("done", "missed") for one in submissions[:1]]
    pages += [f"/campaign/{campaign}"] if is_full else []
    shown = [*pages, *(f"/submissions/{one.id}" for one in ones)]
    for number, page in enumerate(shown):
        look_at(chromium, axe, address + page, number)
    decide_all(chromium, axe, f"{address}/queue")
    answer_forms(chromium, axe, address)


def fill_in(office: Office, submissions: list[Submission]) -> None:
    """Notes, refused callbacks, counts: what only work leaves behind."""
    first = f"/submissions/{submissions[0].id}"
    office.browser("ben").submit(first, f"{first}/notes", words="Asked by mail; wait till Friday.")
    with office.database.write() as connection:
        refused = deliveries.c.submission_id.in_([one.id for one in submissions[8:10]])
        values = {"state": "refused", "last_status": 409, "tries": 1}
        connection.execute(update(deliveries).where(refused).values(values))
    counting = CountingRows(office.database)
    while counting.count():
        pass


def answer_forms(chromium: Chromium, axe: str, address: str) -> None:
    """What pages show once: a link, secrets, what was wrong."""
    forms = (
        ("/people", "form[action='/people'] button", "input[name=name]", "kim"),
        ("/people", "form[action='/people'] button", "input[name=name]", "anna"),
        ("/sites/blog", "form[action$=rotate] button", "", ""),
        ("/sites/blog", "form[action*=test] button", "", ""),
        ("/sites/blog", "form[action*=retention] button", "input[name=pages]", "soon"),
        ("/account", "form[action$=password] button", "input[type=password]", "not the right one"),
        ("/account", "form[action$=digest] button", "input[name=mail]", "nobody@here"),
    )
    for number, (page, button, field, value) in enumerate(forms):
        width, is_dark = LOOKS[number % len(LOOKS)]
        chromium.look(width, 800, is_dark=is_dark)
        chromium.open(f"{address}{page}")
        for name in (field, "[name=site]"):
            set_value = f"one.type === 'checkbox' ? one.checked = true : one.value = {value!r}"
            if name:
                chromium.run(f"document.querySelectorAll({name!r}).forEach(one => {{{set_value}}})")
        chromium.leave(f"document.querySelector({button!r}).click()")
        assert faults(chromium, axe) == [], f"{page} after {button}"


def look_at(chromium: Chromium, axe: str, url: str, number: int) -> None:
    for width, is_dark in LOOKS if EVERY_STATE else [LOOKS[number % len(LOOKS)]]:
        chromium.look(width, 800, is_dark=is_dark)
        chromium.open(url)
        assert faults(chromium, axe) == [], f"{url} at {width} px, dark: {is_dark}"


def decide_all(chromium: Chromium, axe: str, url: str) -> None:
    """What the script shows: a banner with a button, what is selected, a list that is done."""
    chromium.look(1280, 800)
    chromium.open(url)
    while chromium.run("document.querySelectorAll('.lines li').length"):
        chromium.tap("x")
        assert faults(chromium, axe) == [], "something selected"
        chromium.tap("s")
        chromium.until("sessionStorage.getItem('moderator-pending') === null")
        chromium.until("!document.querySelector('.pane[aria-busy]')")
        assert faults(chromium, axe) == [], "something decided"
