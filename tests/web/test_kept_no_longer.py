"""Pages about what was taken away in time say so, in the reader's language, and never break."""

from dataclasses import replace

import pytest

from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Linkback
from moderator.domain.timing.retention import Retention
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import queue
from moderator.storage.upkeep.retention import RetentionRows
from tests.builders import NOON, POST, a_submission
from tests.stock import stock, stock_campaign
from tests.web.desk import Office, words
from tests.web.scenery import at_another_time

NEEDLE = "quixotilda"
ANNA = Author(name=NEEDLE, email=f"{NEEDLE}@example.org", ip="198.51.100.77", url="https://a.test/")
SPAM = Finding("lists", Signal.SPAM, f"The denylist names {NEEDLE}", "denied", 1.0, {"at": NEEDLE})
PAGES = (
    "/queue?shelf=all", "/queue?shelf=discarded", "/log", "/log?what=spam", "/log.csv",
    "/log.jsonl", "/stats",
    f"/queue?shelf=all&q={NEEDLE}",
)  # fmt: skip

BESIDE = ("/rule/trust", "/rule/block")


@pytest.fixture
def gone(office: Office) -> list[str]:
    """A campaign of spam, a linkback that was refused, and something honest: all had their time."""
    said = a_submission(f"{NEEDLE} sells what nobody needs, and says so.", author=ANNA)
    members = [at_another_time(said, number, NOON) for number in (1, 2, 3)]
    for member in members:
        stock(office.database, member, SPAM)
    stock_campaign(office.database, *members)
    source = Linkback("pingback", "https://far.test/", POST.url, NEEDLE, NEEDLE, f"<p>{NEEDLE}")
    link = a_submission(NEEDLE, id="f1", platform_id="f1", kind=pingback.KIND, author=ANNA,
                        linkback=source)  # fmt: skip
    stock(office.database, link, SPAM)
    named = replace(ANNA, name="Anna")
    honest = a_submission("A fair remark.", id="f2", platform_id="f2", author=named)
    stock(office.database, honest)
    with office.database.write() as connection:
        connection.exec_driver_sql("UPDATE submissions SET decided_at = 1")
        connection.exec_driver_sql("UPDATE deliveries SET state = 'delivered'")
        connection.execute(queue.delete())
    usual = Retention(addresses=1, words=2, pages=3)
    rows = RetentionRows(office.database, SiteRows(office.database).all, usual)
    while rows.apply():
        pass
    return [*(member.id for member in members), link.id, honest.id]


def test_no_page_breaks_and_none_shows_it(office: Office, gone: list[str]) -> None:
    anna = office.browser("anna")
    with office.database.read() as connection:
        campaign = connection.exec_driver_sql("SELECT max(campaign_id) FROM submissions").scalar()
    items = [f"/submissions/{id_}{more}" for id_ in gone for more in ("", *BESIDE)]
    for path in (*PAGES, *items, f"/campaign/{campaign}"):
        answer = anna.get(path)
        assert answer.status_code == 200, path
        assert f"{NEEDLE} sells" not in answer.text, path
        assert f"{NEEDLE}@" not in answer.text, path
    for id_ in gone[:4]:
        assert NEEDLE not in anna.get(f"/submissions/{id_}").text


def test_an_item_says_what_was_taken_away_and_when(office: Office, gone: list[str]) -> None:
    anna = office.browser("anna")
    page = words(anna.get(f"/submissions/{gone[0]}"))
    assert "The text was removed after 2 days. What was decided, and why, stays." in page
    assert page.count("removed after 1 day") == 2  # e-mail and address
    honest = words(anna.get(f"/submissions/{gone[-1]}"))
    assert "A fair remark." in honest
    assert honest.count("removed after 1 day") == 2
    anna.client.set_cookie("moderator-language", "de")
    german = words(anna.get(f"/submissions/{gone[0]}"))
    assert "Der Text wurde nach 2 Tagen entfernt." in german
    assert "nach 1 Tag entfernt" in german
    assert "The text was removed" not in german


def test_the_reason_is_told_by_its_code(office: Office, gone: list[str]) -> None:
    page = words(office.browser("anna").get(f"/submissions/{gone[0]}"))
    assert "denied" in page.lower() or "denylist" in page.lower()


def test_it_can_still_be_decided_and_undone(office: Office, gone: list[str]) -> None:
    anna = office.browser("anna")
    path = f"/submissions/{gone[0]}"
    answer = anna.submit(path, f"{path}/decision", seen="1", version="1", verdict=Verdict.APPROVE)
    assert answer.status_code in (200, 303)
    assert "The text was removed after 2 days" in words(anna.get(path))
    with office.database.read() as connection:
        sql = f"SELECT status FROM submissions WHERE id = '{gone[0]}'"  # noqa: S608  # ours
        assert connection.exec_driver_sql(sql).scalar() == "approved"


def test_nothing_of_it_is_found_any_more(office: Office, gone: list[str]) -> None:
    page = office.browser("anna").get(f"/queue?shelf=all&q={NEEDLE}")
    assert [id_ for id_ in gone[:4] if f"/submissions/{id_}" in page.text] == []
