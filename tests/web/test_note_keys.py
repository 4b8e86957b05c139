"""Notes, claims and the switch for keys in a real browser."""

from collections.abc import Iterator

import pytest

from tests.browser import Chromium
from tests.web.desk import Office
from tests.web.held import BANNER, CURRENT, fill, key_of, log_in

NOTES = "document.querySelector('.pane .notes').innerText"
FOCUSED = "document.activeElement.name"


@pytest.fixture
def desk(office: Office, chromium: Chromium, address: str) -> Iterator[Chromium]:
    """A browser of anna's, in a queue of three."""
    fill(office, 3)
    chromium.call("Network.clearBrowserCookies")
    chromium.look(1280, 800)
    chromium.open(f"{address}/login")
    log_in(chromium)
    chromium.open(f"{address}/queue")
    yield chromium
    chromium.run("sessionStorage.clear(); localStorage.clear()")


def write(desk: Chromium, said: str) -> None:
    desk.until("!document.querySelector('.pane[aria-busy]')")
    desk.tap("n")
    desk.until(f"{FOCUSED} === 'words'")
    desk.run(f"document.activeElement.value = {said!r}; 0")


def test_a_note_is_written_without_leaving_the_item(office: Office, desk: Chromium) -> None:
    desk.tap("j")
    desk.until(f"{CURRENT} === {key_of(1)!r}")
    write(desk, "Asked by mail")
    desk.run("document.activeElement.form.requestSubmit(); 0")
    desk.until(f"{NOTES}.includes('Asked by mail')")
    assert desk.run(CURRENT) == key_of(1)
    assert desk.run("document.activeElement.className") == "pane"
    for key in "kj":  # the note is there when one comes back
        desk.tap(key)
    desk.until(f"{NOTES}.includes('Asked by mail')")
    found = office.services().dashboard
    assert found is not None
    assert [n.words for n in found.reads.submission(None, key_of(1)).notes] == ["Asked by mail"]


def test_a_note_outlives_its_session(office: Office, desk: Chromium, address: str) -> None:
    write(desk, "Not to be lost")
    office.staff.end_sessions("anna", office.now)
    desk.leave("document.activeElement.form.requestSubmit(); 0")
    log_in(desk)
    desk.open(f"{address}/queue")
    desk.tap("n")
    desk.until(f"{FOCUSED} === 'words'")
    assert desk.run("document.activeElement.value") == "Not to be lost"


def test_letters_of_a_note_decide_nothing(office: Office, desk: Chromium) -> None:
    write(desk, "")
    for key in "asdz":
        desk.tap(key)
    assert desk.run("document.activeElement.value") == "asdz"
    desk.tap("Escape")
    desk.until("document.activeElement.className === 'pane'")
    with office.database.read() as connection:
        held = "SELECT count(*) FROM submissions WHERE status = 'hold'"
        assert connection.exec_driver_sql(held).scalar() == 3


def test_a_line_is_claimed_by_its_key(office: Office, desk: Chromium) -> None:
    desk.tap("c")
    desk.until(f"{BANNER}.includes('yours for 90 seconds')")
    ben = office.browser("ben")
    assert "anna is at it" in ben.get("/queue").text.replace("<bdi>", "").replace("</bdi>", "")


def test_keys_are_switched_off_on_the_account(desk: Chromium, address: str) -> None:
    desk.open(f"{address}/account")
    switch = "document.querySelector('[data-keys]')"
    assert desk.run(f"{switch}.getAttribute('aria-pressed')") == "true"
    desk.run(f"{switch}.click()")
    assert desk.run(f"{switch}.textContent") == "Keys are off"
    desk.open(f"{address}/queue")
    desk.tap("j")
    assert desk.run(CURRENT) == key_of(0)
