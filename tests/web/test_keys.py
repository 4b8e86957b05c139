"""The desk in a real browser: keys, what they answer, and what becomes of a decision in trouble."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.storage.schema.tables import sessions
from tests.browser import Chromium
from tests.builders import NOON, a_submission
from tests.stock import stock
from tests.web.desk import Office
from tests.web.held import (
    BANNER,
    CURRENT,
    FOCUS,
    HOLD,
    NO_NETWORK,
    SENT,
    fill,
    gather,
    key_of,
    log_in,
    standing,
    statuses,
)


@pytest.fixture
def desk(chromium: Chromium, address: str) -> Iterator[Chromium]:
    """A browser of anna's, logged in; the queue is still to be opened."""
    chromium.call("Network.clearBrowserCookies")
    chromium.look(1280, 800)
    chromium.open(f"{address}/login")
    log_in(chromium)
    yield chromium
    chromium.run("sessionStorage.clear(); localStorage.clear()")


def test_a_key_decides_and_the_next_one_is_there_at_once(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 4)
    desk.open(f"{address}/queue")
    desk.tap("j")
    assert desk.run(CURRENT) == desk.run(FOCUS) == key_of(1)
    desk.tap("s")
    assert desk.run(CURRENT) == desk.run(FOCUS) == key_of(2)  # before any answer
    desk.until("document.querySelector('.pane .text').textContent.includes('number 2')")
    desk.until(SENT)
    assert statuses(office) == ["hold", "spam", "hold", "hold"]
    assert "spam Alice" in desk.run(BANNER)
    assert desk.run("document.querySelector('[data-count=held]').textContent") == "3"
    assert desk.run("location.pathname") == f"/submissions/{key_of(2)}"


@pytest.mark.parametrize("pause", [0.03, 0.1, 0.25])
def test_a_key_pressed_twice_decides_nothing_twice(
    office: Office, desk: Chromium, address: str, pause: float
) -> None:
    fill(office, 4)
    desk.open(f"{address}/queue")
    for key in ("a", "a", "s", "s"):
        desk.tap(key)
        time.sleep(pause)  # how long a hand takes
    desk.until(SENT)
    found = standing(office)
    gone = 4 - desk.run("document.querySelectorAll('.lines li').length")
    assert 2 <= gone <= 4
    assert [status != "hold" for status, _ in found.values()].count(True) == gone
    assert {number for status, number in found.values() if status != "hold"} == {2}
    assert "faster" not in desk.run("document.body.innerText")


def test_keys_rest_outside_of_the_queue_and_when_switched_off(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 2)
    desk.open(f"{address}/queue")
    for place in (".out button", ".tabs a", ".brand"):
        desk.run(f"document.querySelector('{place}').focus()")
        desk.tap("s")
    desk.run("document.activeElement.blur()")
    desk.tap("s")
    desk.run("document.querySelector('.keys').click(); document.querySelector('.lines a').focus()")
    desk.tap("s")
    assert desk.run("document.querySelector('.keys').textContent") == "Keys are off"
    assert desk.run("document.querySelectorAll('.lines li').length") == 2
    desk.run("document.querySelector('.keys').click(); document.querySelector('.lines a').focus()")
    desk.tap("s")
    assert desk.run("document.querySelectorAll('.lines li').length") == 1


def test_the_keys_walk_by_lines_and_a_few_tabs_lead_to_the_buttons(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    gather(office, 3, 4, 5)
    desk.open(f"{address}/queue")
    walked = []
    for key in "jjjkk":
        desk.tap(key)
        walked.append(desk.run(FOCUS))
    assert walked == [key_of(n) for n in (1, 2, 3, 2, 1)]
    desk.tap("a")
    assert desk.run(FOCUS) == key_of(2)
    desk.until("document.querySelector('.actions button')")
    stops = desk.run(
        "(() => { const all = [...document.querySelectorAll('a, button, input, summary')].filter("
        "one => one.tabIndex >= 0 && one.type !== 'hidden' && one.offsetParent);"
        "return all.indexOf(document.querySelector('.actions button'))"
        " - all.indexOf(document.activeElement); })()"
    )
    assert 1 <= stops <= 2


def test_where_somebody_was_faster_the_next_one_comes_and_a_note_says_who(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    desk.open(f"{address}/queue")
    ben = Decider(DeciderKind.MODERATOR, "ben", "ben")
    office.moderate(key_of(0), Verdict.SPAM, ben, seen=SeenVersion(1), now=office.now)
    desk.tap("a")
    desk.until("document.querySelector('.banner').innerText.includes('ben was faster')")
    assert "Your “approved” was not applied" in desk.run(BANNER)
    assert desk.run(CURRENT) == desk.run(FOCUS) == key_of(1)
    assert statuses(office) == ["spam", "hold", "hold"]


def test_what_was_decided_is_taken_back_sent_or_not(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    desk.open(f"{address}/queue")
    desk.tap("s")
    desk.until(f"{SENT} && !document.querySelector('.banner .undo').hidden")
    assert statuses(office)[0] == "spam"
    desk.tap("z")
    desk.until(SENT)
    assert standing(office)[0] == ("hold", 3)
    assert desk.run(CURRENT) == key_of(0)
    desk.until("!document.querySelector('.pane').hasAttribute('aria-busy')")
    desk.tap("a")
    desk.until(SENT)
    assert standing(office)[0] == ("approved", 4)
    desk.call("Network.emulateNetworkConditions", **NO_NETWORK)
    desk.tap("s")
    desk.tap("d")
    desk.tap("z")  # waits behind the first, which is under way
    desk.call("Network.emulateNetworkConditions", **NO_NETWORK | {"offline": False})
    desk.until(SENT)
    assert [status for status, _ in standing(office).values()] == ["approved", "spam", "hold"]


def test_without_network_decisions_wait_and_are_not_lost(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    desk.open(f"{address}/queue")
    desk.call("Network.emulateNetworkConditions", **NO_NETWORK)
    desk.tap("s")
    desk.tap("a")
    desk.until("document.querySelector('.banner').innerText.includes('not sent yet')")
    assert statuses(office) == ["hold", "hold", "hold"]
    desk.call("Network.emulateNetworkConditions", **NO_NETWORK | {"offline": False})
    desk.until(SENT)
    assert statuses(office) == ["spam", "approved", "hold"]


def test_what_was_decided_after_a_session_ended_is_sent_after_the_next_log_in(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    desk.open(f"{address}/queue")
    with office.database.write() as connection:
        connection.execute(delete(sessions))
    desk.tap("s")
    desk.tap("a")
    desk.until("document.querySelector('.banner').innerText.includes('session has ended')")
    desk.leave("document.querySelector('.banner a').click()")
    log_in(desk)
    desk.open(f"{address}/queue")
    desk.until(SENT)
    assert statuses(office) == ["spam", "approved", "hold"]
    assert desk.run(CURRENT) == key_of(2)


def test_several_are_selected_and_decided_together(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 6)
    desk.open(f"{address}/queue")
    desk.tap("j")
    desk.tap("x")
    for _ in range(2):
        desk.tap("j")
    desk.tap("X", shift=True)
    assert desk.run("document.querySelector('.picks').textContent") == "3 selected"
    desk.tap("S", shift=True)
    assert desk.run(CURRENT) == key_of(4)
    desk.until(SENT)
    assert statuses(office) == ["hold", "spam", "spam", "spam", "hold", "hold"]
    desk.tap("z")
    desk.until(SENT)
    assert statuses(office) == ["hold"] * 6


def test_what_comes_is_told_and_the_list_stays(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    desk.open(f"{address}/queue")
    before = desk.run("document.querySelector('.lines').getBoundingClientRect().top")
    late = replace(
        a_submission("Another remark, just now.", id="f" * 32, platform_id="late"),
        received_at=NOON + timedelta(minutes=1),
    )
    stock(office.database, late, HOLD)
    desk.run("dispatchEvent(new Event('visibilitychange'))")
    desk.until("!document.querySelector('.fresh').hidden")
    assert desk.run("document.querySelector('.fresh').textContent") == "1 new"
    assert desk.run("document.querySelector('[data-count=held]').textContent") == "4"
    desk.tap("s")
    assert desk.run("document.querySelectorAll('.lines li').length") == 2
    assert desk.run("document.querySelector('.lines').getBoundingClientRect().top") == before
    desk.leave("document.querySelector('.fresh').click()")
    assert desk.run(CURRENT) == "f" * 32


def test_a_list_goes_on_before_it_ends(office: Office, desk: Chromium, address: str) -> None:
    fill(office, 32)
    desk.open(f"{address}/queue")
    for _ in range(20):
        desk.tap("s")
        time.sleep(0.06)  # slower than a bouncing key
    desk.until(f"{SENT} && document.querySelectorAll('.lines li').length === 12")
    assert statuses(office) == ["spam"] * 20 + ["hold"] * 12
    assert desk.run(CURRENT) == key_of(20)
    for _ in range(12):
        desk.tap("a")
        time.sleep(0.06)
    desk.until(SENT)
    assert "hold" not in statuses(office)
    assert "This list is done" in desk.run("document.body.innerText")


def test_times_are_the_readers_own(office: Office, desk: Chromium, address: str) -> None:
    fill(office, 1)
    desk.call("Emulation.setTimezoneOverride", timezoneId="Asia/Tokyo")
    desk.open(f"{address}/queue")
    assert "9:00" in desk.run("document.querySelector('.about .at').textContent")
    desk.call("Emulation.setTimezoneOverride", timezoneId="")
    assert "12:00 UTC" in office.browser("anna").get("/queue").text


def test_without_a_script_everything_is_decided_by_forms(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 3)
    desk.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        desk.open(f"{address}/queue")
        desk.leave("document.querySelector('.actions [value=spam]').click()")
        assert desk.run("location.pathname") == f"/submissions/{key_of(1)}"
        assert desk.run("location.hash") == "#item"
        desk.leave("document.querySelector('.banner form button').click()")
    finally:
        desk.call("Emulation.setScriptExecutionDisabled", value=False)
    assert standing(office)[0] == ("hold", 3)
