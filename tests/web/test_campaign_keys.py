"""A campaign in a real browser: one key decides it, one takes it back, and what joins is ruled."""

from collections.abc import Iterator

import pytest

from tests.browser import Chromium
from tests.web.desk import Office
from tests.web.held import FOCUS, SENT, fill, gather, key_of, log_in, standing, statuses


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
