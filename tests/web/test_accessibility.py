"""Every page, light and dark, wide and narrow: nothing too small to hit, nothing off the screen.

With AXE_CORE naming a copy of axe.min.js (npm `axe-core`), its rules are asked too.
"""

import os
from pathlib import Path

import pytest

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
LOOKS = [(1280, False), (1280, True), (320, False), (320, True)]


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
    if axe:
        chromium.run(f"{axe}; 0")
        found += chromium.run(AXE)
    return found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "empty"])
def test_every_page_can_be_used_by_everybody(
    office: Office, chromium: Chromium, axe: str, address: str, *, is_full: bool
) -> None:
    submissions = furnish(office.database, "blog", office.now) if is_full else []
    token = office.sign_in.renew("eve", now=office.now)
    chromium.call("Network.clearBrowserCookies")
    pages = ["/login", f"/welcome/{token}"]
    for page in pages:
        look_at(chromium, axe, address + page)
    chromium.open(f"{address}/login")
    chromium.leave(
        "document.querySelector('#name').value = 'anna';"
        f"document.querySelector('#password').value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )
    campaign = stock_campaign(office.database, *submissions[:6], similarity=0.83) if is_full else ""
    if is_full:
        let_through(office.database)
    ones = [submissions[number] for number in (0, 1, 8, 12, 13)] if is_full else []
    pages = ["/queue", "/queue?shelf=all", "/queue?shelf=sample", "/log", "/nowhere"]
    pages += [f"/campaign/{campaign}"] if is_full else []
    for page in (*pages, *(f"/submissions/{one.id}" for one in ones)):
        look_at(chromium, axe, address + page)


def look_at(chromium: Chromium, axe: str, url: str) -> None:
    for width, is_dark in LOOKS:
        chromium.look(width, 800, is_dark=is_dark)
        chromium.open(url)
        assert faults(chromium, axe) == [], f"{url} at {width} px, dark: {is_dark}"
