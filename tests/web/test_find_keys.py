"""Looking for things, and deciding about several, by keys in a real browser."""

import pytest

from tests.browser import Chromium
from tests.web.desk import Office
from tests.web.held import BANNER, FOCUS, SENT, fill, key_of, log_in, statuses


@pytest.fixture
def desk(office: Office, chromium: Chromium, address: str) -> Chromium:
    fill(office, 6)
    chromium.call("Network.clearBrowserCookies")
    chromium.look(1280, 800)
    chromium.open(f"{address}/login")
    log_in(chromium)
    return chromium


@pytest.mark.timeout(120)
def test_a_slash_leads_to_the_search_and_enter_finds(desk: Chromium, address: str) -> None:
    desk.open(f"{address}/queue")
    desk.tap("/")
    assert desk.run("document.activeElement.id") == "q"
    desk.leave(
        "document.querySelector('#q').value = 'number 3';"
        "document.querySelector('.find').requestSubmit()"
    )
    assert desk.run("[...document.querySelectorAll('.lines li')].map(one => one.dataset.id)") == [
        key_of(3)
    ]
    assert "q=number+3" in desk.run("location.search")
    desk.run("document.querySelector('#q').focus()")
    desk.tap("Escape")
    assert desk.run(FOCUS) == key_of(3)


@pytest.mark.timeout(120)
def test_several_are_decided_by_one_key_and_taken_back_by_another(
    desk: Chromium, office: Office, address: str
) -> None:
    desk.open(f"{address}/queue?sort=oldest")
    desk.tap("x")
    desk.tap("j")
    desk.tap("j")
    desk.tap("X")
    desk.tap("S")
    desk.until(SENT)
    assert statuses(office) == ["hold", "hold", "hold", "spam", "spam", "spam"]
    assert "× 3" in desk.run(BANNER)
    desk.tap("z")
    desk.until(SENT)
    assert statuses(office) == ["hold"] * 6
    assert desk.run("document.querySelectorAll('.lines li').length") == 6
