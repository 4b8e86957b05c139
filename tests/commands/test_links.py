"""`moderator links recheck`: what an operator is told about old links."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.checks.link_validity import LinkValidity
from moderator.domain.finding import Finding
from moderator.domain.ports import Fate, LinkFate
from moderator.storage.base.database import Database
from moderator.storage.history.approved import ApprovedRows
from moderator.usecases.linkback.recheck_links import RecheckLinks
from tests.builders import NOON, a_pingback, a_site, a_submission
from tests.checks.reaching import FakeMemory, FakeWeb, a_page, reaching
from tests.databases import fresh
from tests.stock import stock, stock_site

URL = "https://reader.example.net/page"


def test_bad_links_are_told_and_linkbacks_queued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    database = Database(url)
    fresh(database)
    stock_site(database)
    stock(database, a_submission("See http://10.0.0.1/inside"))
    stock(database, a_pingback(URL, id="0002", platform_id="2"))
    assert main(["links", "recheck", "--site", "blog"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "1 linkbacks are queued for a look."
    assert told[1].startswith("1: refused http://10.0.0.1/inside")
    assert told[2] == "1 links in 1 comments were asked."
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT subject_id FROM queue WHERE job = 'reverify'")
        assert [row[0] for row in rows] == ["0002"]
    database.close()


def test_a_site_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'links.db'}")
    assert main(["links", "recheck", "--site", "nobody"]) == 1


def test_what_was_learned_before_is_not_believed(database: Database) -> None:
    stock_site(database)
    for number in range(20):
        stock(database, a_submission(f"See {URL}", id=f"{number:04}", platform_id=str(number)))
    web = FakeWeb({URL: a_page(URL, status=404)})
    old = LinkFate(URL, Fate.OK, checked_at=NOON - timedelta(hours=1))
    recheck = RecheckLinks(
        ApprovedRows(database), LinkValidity(), reaching(web, FakeMemory({URL: old}))
    )

    async def run() -> list[Finding]:
        return [finding async for _, finding in recheck(a_site(), NOON)]

    findings = asyncio.run(run())
    assert [finding.reason for finding in findings] == ["Links: 1 dead"] * 20
    assert 0 < len(web.asked) < 20  # one link is not asked for every comment
