"""The pages of rules, light and dark, wide and narrow, empty and full: usable by everybody."""

import pytest

from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.finding import Finding, Signal
from moderator.domain.verdict import Verdict
from tests.browser import Chromium
from tests.house import MOD
from tests.stock import stock
from tests.web.desk import PASSWORD, Office
from tests.web.test_accessibility import REPORTS, axe, look_at
from tests.web.test_rules import HALF, comment, made, run_dry

__all__ = ["axe"]

SHOUT = Finding("spam_text", Signal.SPAM, "Reads like spam", "spam_text", 0.95)


def furnished(office: Office) -> list[str]:
    """Rules of every state and kind over some history; the pages that show them."""
    for number in range(1, 9):
        url = "https://shoes.example/sale/1" if number % 2 else ""
        stock(office.database, comment(number, f"My casino is open {number}", url=url), HALF)
    stock(office.database, comment(9, "The river"), SHOUT)
    for number, verdict in ((1, Verdict.SPAM), (2, Verdict.APPROVE)):
        office.moderate(f"{number:032x}", verdict, MOD, seen=SeenVersion(1, 1), now=office.now)
    anna = office.browser("anna")
    rules = [
        made(anna, what="casino\nshoes.example", **{"as": "live"}),
        made(anna, kind="pattern", what=r"cas\w+", does="hold", name="Gambling"),
        made(anna, kind="links", what="3", does="hold", site="", **{"as": "live"}),
    ]
    run_dry(office)
    path = rules[1].partition("?")[0]
    assert anna.submit(rules[1], f"{path}/move", to="shadow", seen="1").status_code == 303
    fields = {"hold": "0.3", "spam": "1", "moderation": "observe"}
    kept = anna.submit("/thresholds/blog", "/thresholds/blog", **fields).location
    item = f"/submissions/{3:032x}"
    return [
        *rules,
        kept,
        f"{item}/rule/block",
        f"{item}/rule/trust",
        f"/submissions/{9:032x}/rule/trust",
    ]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("is_full", [True, False], ids=["full", "empty"])
def test_the_pages_of_rules_can_be_used_by_everybody(
    office: Office, chromium: Chromium, axe: str, address: str, *, is_full: bool
) -> None:
    pages = furnished(office) if is_full else ["/thresholds/blog"]
    pages += [
        "/learned/blog",
        "/audit",
        "/rules",
        "/rules?missed=1",
        "/rules/wordpress",
        "/rules/nowhere",
    ]
    chromium.call("Network.clearBrowserCookies")
    chromium.call("Page.addScriptToEvaluateOnNewDocument", source=REPORTS)
    chromium.open(f"{address}/login")
    chromium.leave(
        "document.querySelector('#name').value = 'anna';"
        f"document.querySelector('#password').value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )
    for number, page in enumerate(pages):
        look_at(chromium, axe, address + page, number)
    if is_full:
        preview(chromium, address, what="casino")
        preview(chromium, address, what="192.0.2.999")


def preview(chromium: Chromium, address: str, *, what: str) -> None:
    """The answer to a form: what a rule would have done, or what is wrong with it."""
    chromium.open(f"{address}/rules")
    chromium.leave(
        f"document.querySelector('#what').value = {what!r};"
        "document.querySelector('.rule-form button.main').click()"
    )
    width = chromium.run("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


@pytest.mark.timeout(120)
def test_keys_lead_to_trust_and_block(office: Office, chromium: Chromium, address: str) -> None:
    stock(office.database, comment(1, "My casino", url="https://shoes.example/"), HALF)
    chromium.call("Network.clearBrowserCookies")
    chromium.look(1280, 800, is_dark=False)
    chromium.open(f"{address}/login")
    chromium.leave(
        "document.querySelector('#name').value = 'ben';"
        f"document.querySelector('#password').value = {PASSWORD!r};"
        "document.querySelector('button.main').click()"
    )
    for key, heading in (("t", "Trust"), ("b", "Block")):
        chromium.open(f"{address}/queue")
        pressed = f"new KeyboardEvent('keydown', {{key: {key!r}, bubbles: true}})"
        chromium.leave(f"document.querySelector('.split').dispatchEvent({pressed})")
        assert chromium.run("document.querySelector('h1').textContent") == heading
    chromium.leave("document.querySelector('.acting .main').click()")
    assert "It was made" in chromium.run("document.querySelector('.note.done').textContent")
    assert chromium.run("document.querySelector('pre').textContent") == "shoes.example"
