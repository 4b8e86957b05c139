"""A campaign in a real browser: one key decides it, one takes it back, and what joins is ruled."""

from collections.abc import Iterator

import pytest

from tests.browser import Chromium
from tests.web.desk import Office
from tests.web.held import BANNER, FOCUS, SENT, fill, gather, key_of, log_in, standing, statuses


def pressed(key: str) -> str:
    return f"new KeyboardEvent('keydown', {{key: {key!r}, bubbles: true}})"


@pytest.fixture
def desk(chromium: Chromium, address: str) -> Iterator[Chromium]:
    """A browser of anna's, logged in; the queue is still to be opened."""
    chromium.call("Network.clearBrowserCookies")
    chromium.look(1280, 800)
    chromium.open(f"{address}/login")
    log_in(chromium)
    yield chromium
    chromium.run("sessionStorage.clear(); localStorage.clear()")


def test_one_key_decides_a_campaign_and_one_takes_it_back(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 1)
    gather(office, 1, 2, 3)
    desk.open(f"{address}/queue")
    desk.tap("j")
    desk.tap("s")
    assert desk.run(FOCUS) == key_of(0)
    desk.until(SENT)
    assert [standing(office)[n][0] for n in range(4)] == ["hold", "spam", "spam", "spam"]
    desk.tap("z")
    desk.until(SENT)
    assert statuses(office) == ["hold"] * 4


def test_everything_like_it_is_decided_in_advance_where_that_is_ticked(
    office: Office, desk: Chromium, address: str
) -> None:
    gather(office, 1, 2, 3)
    desk.open(f"{address}/queue")
    desk.run("document.querySelector('.ahead input').click()")
    desk.tap("s")
    desk.until(SENT)
    with office.database.read() as connection:
        sql = "SELECT verdict, moderator_name FROM advance_rulings"
        assert connection.exec_driver_sql(sql).all() == [("spam", "anna")]


def test_a_key_shows_the_members(office: Office, desk: Chromium, address: str) -> None:
    gather(office, 1, 2, 3)
    desk.open(f"{address}/queue")
    desk.leave(f"document.querySelector('.split').dispatchEvent({pressed('i')})")
    assert desk.run("location.pathname").startswith("/campaign/")
    assert desk.run("document.querySelectorAll('.members tbody tr').length") == 3


def test_what_is_put_off_comes_last_and_the_end_says_what_was_done(
    office: Office, desk: Chromium, address: str
) -> None:
    fill(office, 1)
    gather(office, 1, 2, 3)
    desk.open(f"{address}/queue")
    assert desk.run(FOCUS) == key_of(0)
    desk.tap("h")
    assert desk.run(FOCUS) == key_of(1)
    desk.tap("s")
    assert desk.run(FOCUS) == key_of(0)
    desk.tap("a")
    desk.until("document.querySelector('.pane h1').textContent === 'This list is done.'")
    assert "You decided about 4 here." in desk.run("document.querySelector('.pane').innerText")
    desk.until(SENT)
    assert statuses(office) == ["approved", "spam", "spam", "spam"]


def test_what_asks_for_nothing_goes_by_itself(office: Office, desk: Chromium, address: str) -> None:
    fill(office, 2)
    desk.open(f"{address}/queue")
    desk.tap("s")
    desk.tap("z")
    assert desk.run(BANNER) == "Taken back"
    desk.until(f"{BANNER} === ''")
