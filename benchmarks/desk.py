"""From a key to what the eye sees, in Chromium at a quarter of the speed and 100 ms away.

A press is answered when the frame after it shows another line as the current one. Also asked: how
large the first load is, and in how many requests; how long a decision takes on the server; what a
page with many held ones costs.
"""

import logging
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from werkzeug.serving import make_server

from benchmarks.moderators import press_together
from benchmarks.multiply import multiply
from moderator.domain.finding import Finding, Signal
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from tests.browser import Chromium, program
from tests.builders import NOON, a_submission
from tests.statements import counting
from tests.stock import stock
from tests.web.desk import PASSWORD, Browser, Office
from tests.web.scenery import at_another_time

PRESSES = 60
HELD = 200
MANY, COPIES = 100_000, 200  # held ones of the crowded queue; copies of each that was stored
VIEWS = (
    "/queue",
    "/queue?sort=honest",
    "/queue?q=bridge",
    "/queue?q=bridge+nowhere",
    "/queue?shelf=all",
    "/queue?filters=1&site=blog&kind=comment&age=-1&sort=oldest",
)
LATENCY, SLOWNESS = 100, 4  # ms, times
HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
TEXT = "A long remark about the bridge, the river and the people who live there. " * 6
# Notes when a key comes, and at the end of the frame that shows what follows from it.
WATCH = """
window.answers = [];
addEventListener('keydown', event => {
  const began = event.timeStamp;
  const before = document.querySelector('.lines a[aria-current]');
  const look = () => {
    const now = document.querySelector('.lines a[aria-current]');
    if (now === before) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => answers.push(performance.now() - began);
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
}, {capture: true});
"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[Office, str]]:
    with closing(Database(f"sqlite:///{folder / 'desk.db'}")) as database:
        upgrade(database)
        office = Office(database)
        for number in range(HELD):
            submission = a_submission(f"{number} {TEXT}")
            stock(database, at_another_time(submission, number, NOON), HOLD)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, office.app(), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield office, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def line(name: str, values: list[float], unit: str = "ms") -> None:
    median, slow = share(values, 0.5), share(values, 0.95)
    print(f"{name:44} median {median:7.1f} {unit}   p95 {slow:7.1f} {unit}")


def keys(executable: str, address: str, pause: float) -> list[float]:
    with Chromium(executable) as browser:
        browser.look(1280, 800)
        browser.open(f"{address}/login")
        browser.leave(
            "document.querySelector('#name').value = 'anna';"
            f"document.querySelector('#password').value = {PASSWORD!r};"
            "document.querySelector('button.main').click()"
        )
        browser.call("Emulation.setCPUThrottlingRate", rate=SLOWNESS)
        far = {"latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
        browser.call("Network.emulateNetworkConditions", offline=False, **far)
        browser.open(f"{address}/queue")
        browser.run(WATCH)
        time.sleep(1)
        for number in range(PRESSES):
            browser.tap("jsa"[number % 3])
            browser.until(f"answers.length > {number}")
            time.sleep(pause)
        answers: list[float] = browser.run("answers")
        return answers


def first_load(browser: Browser) -> tuple[int, int]:
    page = browser.packed("/queue")
    text = browser.get("/queue").text
    linked = [part.split('"')[0] for part in text.split('="')[1:] if part.startswith("/static/")]
    sizes = [len(page.data), *(len(browser.packed(path).data) for path in linked)]
    return sum(sizes), len(sizes)


def decisions(browser: Browser) -> list[float]:
    took = []
    page = browser.get("/queue").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    for number in range(100, 150):
        path = f"/submissions/{number:032x}/decision"
        form = {"csrf": token, "verdict": "spam", "seen": "1", "version": "1"}
        began = time.perf_counter()
        answer = browser.post(path, form, {"Accept": "application/json"})
        took.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200
    return took


def crowded(folder: Path) -> None:
    """What the queue costs with MANY held: milliseconds of a page, and statements that ask."""
    url = f"sqlite:///{folder / 'crowd.db'}"
    with closing(Database(url, synchronous="OFF")) as database:
        upgrade(database)
        Office(database)
        for number in range(MANY // COPIES):
            submission = at_another_time(a_submission(f"{number} {TEXT}"), number, NOON)
            # Copies differ in the last digits of their ids.
            own = f"{number + 4096:024x}{0:08x}"
            stock(database, replace(submission, id=own, platform_id=own[::-1]), HOLD)
    found = multiply(url, COPIES)
    with closing(Database(url)) as database:
        browser = Office(database, is_new=False).browser("anna")
        for path in VIEWS:
            with counting(database) as seen:
                browser.get(path)
            asked = sum(not sql.startswith("BEGIN") for sql in seen)
            line(f"{path}, {found:,} held, {asked} statements", timed(browser, path))
    press_together(folder, url, line)


def timed(browser: Browser, path: str) -> list[float]:
    took = []
    for _ in range(40):
        began = time.perf_counter()
        browser.get(path)
        took.append(1000 * (time.perf_counter() - began))
    return took


def main() -> int:
    executable = program()
    if executable is None:
        print("no Chromium on PATH: nothing was measured")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        crowded(Path(folder))
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (office, address):
        size, requests = first_load(office.browser("anna"))
        print(f"{'first load':44} {size / 1024:7.1f} KiB in {requests} requests")
        line("decision, on the server alone", decisions(office.browser("anna")))
        where = f"{SLOWNESS}x CPU, {LATENCY} ms away"
        line(f"key to eye, one a second, {where}", keys(executable, address, 1.0))
        line(f"key to eye, five a second, {where}", keys(executable, address, 0.1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
