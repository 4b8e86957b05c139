"""The pages run on SQLite here; the stores behind them have tests on both databases."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from moderator.storage.base.database import Database
from tests.browser import Chromium, program
from tests.databases import fresh
from tests.web.desk import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{tmp_path / 'office.db'}")
    fresh(database)
    yield Office(database)
    database.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    executable = program()
    if executable is None:
        pytest.skip("no Chromium on PATH: nothing was shown to a real browser")
    with Chromium(executable) as browser:
        yield browser


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """The dashboard over loopback, for a browser."""
    server = make_server("127.0.0.1", 0, office.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
