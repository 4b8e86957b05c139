"""Two browsers of two moderators over two hundred lines: none decided twice, none lost.

With EVERY_STATE=1 (`make test-all`) over two hundred lines; else over forty.
"""

import os
import threading

import pytest

from tests.browser import Chromium, program
from tests.web.desk import PASSWORD, Office
from tests.web.held import SENT, fill, standing

LINES = 200 if os.environ.get("EVERY_STATE") else 40
REFUSED = """window.refused = 0; const real = window.fetch;
window.fetch = async (...given) => { const answer = await real(...given);
  if (answer.status === 409) refused += 1;
  else if (given[1]?.method === 'POST' && answer.ok) {
    const said = await answer.clone().json(); refused += said.conflicts?.length ?? 0; }
  return answer; }; 0"""
PACE = "new Promise(go => setTimeout(go, 300))"  # of somebody who is quick
# Who stands on a line that somebody is at leaves it to them.
NOW = "document.querySelector('li:not([data-claimed]) > [aria-current]')?.parentElement.dataset.id"
ANY = "document.querySelectorAll('.lines li').length"


def work(executable: str, address: str, name: str, key: str, told: dict[str, int]) -> None:
    """Press one key until nothing is left in this browser's list."""
    with Chromium(executable) as browser:
        browser.look(1280, 800)
        browser.open(f"{address}/login")
        browser.leave(
            f"document.querySelector('#name').value = {name!r};"
            f"document.querySelector('#password').value = {PASSWORD!r};"
            "document.querySelector('button.main').click()"
        )
        refused = pressed = 0
        while True:  # what another had claimed may be there on a new page
            browser.open(f"{address}/queue")
            if not browser.run(ANY):
                break
            browser.run(REFUSED)
            while line := browser.run(NOW):
                browser.run(PACE)
                browser.tap(key)
                pressed += 1
                browser.until(f"({NOW}) !== {line!r}")
            browser.until(SENT)
            browser.run(PACE)
            refused += browser.run("refused")
        told[name], told[f"{name} pressed"] = refused, pressed


@pytest.mark.timeout(300)
def test_two_browsers_share_the_lines(office: Office, address: str) -> None:
    executable = program()
    if executable is None:
        pytest.skip("no Chromium on PATH: nothing was shown to a real browser")
    fill(office, LINES)
    told: dict[str, int] = {}
    workers = [
        threading.Thread(target=work, args=(executable, address, name, key, told))
        for name, key in (("anna", "a"), ("ben", "s"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = standing(office)
    assert [number for number, (status, _) in found.items() if status == "hold"] == []  # none lost
    assert {sequence for _, sequence in found.values()} == {2}  # none decided twice
    assert told["anna"] + told["ben"] <= 5
    assert min(told["anna pressed"], told["ben pressed"]) > LINES // 10  # both were at it
