"""Takes a picture of every page of the dashboard, light and dark, over the demo's own texts.

They go to docs/pictures/pages: `queue.webp`, `queue-dark.webp`, and so on; a phone's are narrow.
"""

import base64
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from moderator.storage.base.database import Database
from moderator.storage.schema.tables import metadata
from moderator.storage.upkeep.counting import CountingRows
from tests.browser import Chromium, program
from tests.stock import stock_campaign
from tests.web.desk import PASSWORD, Office
from tests.web.scenery import furnish, let_through

FOLDER = Path(__file__).parents[1] / "docs" / "pictures" / "pages"
WIDE, NARROW, HEIGHT = 1280, 390, 800
QUALITY = 80  # of 100
PAGES = {
    "queue": "/queue", "filters": "/queue?filters=1", "discarded": "/queue?shelf=discarded",
    "log": "/log", "statistics": "/stats", "sites": "/sites", "site": "/sites/blog",
    "people": "/people", "account": "/account", "help": "/help", "not-judged": "/not-judged",
    "rules": "/rules", "thresholds": "/thresholds/blog", "wordpress-rules": "/rules/wordpress",
}  # fmt: skip
NOTE = "Asked her by mail which bridge she means.\nWait until Friday."


@contextmanager
def furnished(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a dashboard with something on every page, and its pages by name."""
    with closing(Database(f"sqlite:///{folder / 'desk.db'}")) as database:
        metadata.create_all(database.engine)
        office = Office(database)
        submissions = furnish(database, "blog", office.now)
        campaign = stock_campaign(database, *submissions[:6], similarity=0.83)
        let_through(database)
        ben = office.browser("ben")
        held = [line.split('"')[0] for line in ben.get("/queue").text.split('data-id="')[1:]]
        ben.submit(f"/submissions/{held[0]}", f"/submissions/{held[0]}/notes", words=NOTE)
        ben.decide(held[1], "spam")
        counting = CountingRows(database)
        while counting.count():
            pass
        pages = PAGES | {"item": f"/submissions/{held[0]}", "campaign": f"/campaign/{campaign}"}
        server = make_server("127.0.0.1", 0, office.app(), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", pages
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def take(browser: Chromium, url: str, name: str, width: int = WIDE) -> None:
    for is_dark in (False, True):
        browser.look(width, HEIGHT, is_dark=is_dark)
        browser.open(url)
        shot = browser.call("Page.captureScreenshot", format="webp", quality=QUALITY)
        picture = FOLDER / f"{name}{'-dark' if is_dark else ''}.webp"
        picture.write_bytes(base64.b64decode(shot["data"]))
        print(f"{picture.name:28} {picture.stat().st_size // 1024:4} KiB")


def main() -> int:
    executable = program()
    if executable is None:
        print("no Chromium on PATH: no picture was taken")
        return 1
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        furnished(Path(folder)) as (address, pages),
        Chromium(executable) as browser,
    ):
        take(browser, f"{address}/login", "login")
        browser.leave(
            "document.querySelector('#name').value = 'anna';"
            f"document.querySelector('#password').value = {PASSWORD!r};"
            "document.querySelector('button.main').click()"
        )
        for name, page in pages.items():
            take(browser, f"{address}{page}", name)
        for name in ("queue", "item", "log", "statistics"):
            take(browser, f"{address}{pages[name]}", f"{name}-phone", NARROW)
    return 0


if __name__ == "__main__":
    sys.exit(main())
