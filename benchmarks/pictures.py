"""Takes a picture of every page of the dashboard, light and dark, over the demo's own texts.

They go to docs/pictures/pages: `queue.webp`, `queue-dark.webp`, and so on; a phone's are narrow.
"""

import base64
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from benchmarks.scene import furnish_all
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from tests.browser import Chromium, program
from tests.web.desk import PASSWORD, Office

FOLDER = Path(__file__).parents[1] / "docs" / "pictures" / "pages"
WIDE, NARROW, HEIGHT = 1280, 390, 800
QUALITY = 80  # of 100
PAGES = {
    "queue": "/queue", "filters": "/queue?filters=1", "discarded": "/queue?shelf=discarded",
    "log": "/log", "statistics": "/stats", "sites": "/sites", "site": "/sites/blog",
    "people": "/people", "account": "/account", "help": "/help", "not-judged": "/not-judged",
    "rules": "/rules", "thresholds": "/thresholds/blog", "wordpress-rules": "/rules/wordpress",
    "learned": "/learned/blog", "sample": "/queue?shelf=sample", "nothing-found": "/queue?q=ferry",
    "no-such-page": "/nowhere", "audit": "/audit",
}  # fmt: skip
NARROW_ONES = (
    "queue", "item", "campaign", "log", "statistics", "rules", "rule", "thresholds", "block",
    "site", "people", "audit", "learned",
)  # fmt: skip
# What a form answers: the page, what is filled in, and the button.
FORMS: dict[str, tuple[str, Mapping[str, str], str]] = {
    "rule-preview": (
        "/rules",
        {"#what": "casino\nreplica-time.example", "#site": "blog"},
        ".rule-form .main",
    ),
    "wordpress-preview": (
        "/rules/wordpress",
        {
            "#comment_max_links": "3",
            "#moderation_keys": "casino\npress",
            "#disallowed_keys": "loans",
        },
        ".rule-form .main",
    ),
    "invited": (
        "/people",
        {"#invite + form [name=name]": "lee", "#invite + form [value=blog]": "blog"},
        "#invite + form .main",
    ),
}
Form = tuple[Mapping[str, str], str]


@contextmanager
def furnished(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a dashboard with something on every page, and its pages by name."""
    with closing(Database(f"sqlite:///{folder / 'desk.db'}")) as database:
        upgrade(database)
        office = Office(database)
        pages = PAGES | furnish_all(office)
        server = make_server("127.0.0.1", 0, office.app(), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", pages
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def take(
    browser: Chromium, url: str, name: str, width: int = WIDE, form: Form | None = None
) -> None:
    for is_dark in (False, True):
        browser.look(width, HEIGHT, is_dark=is_dark)
        browser.open(url)
        if form is not None:
            fields, button = form
            for field, value in fields.items():
                told = f"one.type === 'checkbox' ? one.checked = true : one.value = {value!r}"
                browser.run(f"for (const one of document.querySelectorAll({field!r})) {told}")
            browser.leave(f"document.querySelector({button!r}).click()")
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
        for name, (page, fields, button) in FORMS.items():
            take(browser, f"{address}{page}", name, form=(fields, button))
        for name in NARROW_ONES:
            take(browser, f"{address}{pages[name]}", f"{name}-phone", NARROW)
    return 0


if __name__ == "__main__":
    sys.exit(main())
