"""`moderator site retention`: days are shown, changed, and refused where they are none."""

from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.domain.timing.retention import RetentionChoice
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from tests.databases import a_database
from tests.stock import stock_site


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteRows:
    url = a_database(tmp_path / "kept.db")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("KEEP_ADDRESSES_DAYS", "70")
    database = Database(url)
    stock_site(database)
    return SiteRows(database)


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()]


def chosen(sites: SiteRows) -> RetentionChoice:
    sites.look_again()
    site = sites.get("blog")
    assert site is not None
    return site.retention


def test_what_counts_is_shown(sites: SiteRows, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "retention", "blog"]) == 0
    assert told(capsys) == [
        "addresses  70 days (usual)", "refused    180 days (usual)", "pages      30 days (usual)",
    ]  # fmt: skip
    assert chosen(sites) == RetentionChoice()


def test_days_are_changed_one_by_one(sites: SiteRows, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "retention", "blog", "--addresses", "7", "--pages", "0"]) == 0
    assert told(capsys)[::2] == ["addresses  7 days", "pages      for ever"]
    assert main(["site", "retention", "blog", "--addresses", "usual", "--refused", "20"]) == 0
    assert told(capsys) == [
        "addresses  70 days (usual)",
        "refused    20 days",
        "pages      for ever",
    ]
    assert chosen(sites) == RetentionChoice(addresses=None, words=20, pages=0)


@pytest.mark.parametrize("days", ["-1", "1.5", "3651", "soon", "٣"])
def test_what_are_no_days_is_refused(
    sites: SiteRows, days: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", "retention", "blog", "--pages", "7", f"--addresses={days}"]) == 1
    error = capsys.readouterr().err
    assert "--addresses" in error
    assert "Days are a whole number from 0 (for ever) to 3650" in error
    assert chosen(sites) == RetentionChoice()


@pytest.mark.usefixtures("sites")
def test_a_site_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "retention", "none"]) == 1
    assert "There is no site 'none'" in capsys.readouterr().err
