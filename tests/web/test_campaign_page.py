"""The page of a campaign: to whom it shows what."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.domain.account import Role
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Submission
from moderator.storage.intake.erasure import erase
from tests.builders import NOON, a_submission
from tests.statements import counting
from tests.stock import stock, stock_campaign
from tests.web.desk import Office, words

HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
TEXT = "Everybody can earn a fortune from the sofa: call +1 202 555 0123 or https://shop.example/a"


def comment(number: int, site: str = "blog", text: str = TEXT) -> Submission:
    when = NOON + timedelta(minutes=number)
    return a_submission(
        text,
        id=f"{number:032x}",
        platform_id=f"{site}-{number}",
        site_id=site,
        author=Author(name=f"Author {number}"),
        created_at=when,
        received_at=when,
    )


def gathered(office: Office, *submissions: Submission, similarity: float = 1.0) -> str:
    for submission in submissions:
        stock(office.database, submission, HOLD)
    given = {"similarity": similarity, "host": "shop.example"}
    return "/campaign/" + stock_campaign(office.database, *submissions, **given)  # type: ignore[arg-type]  # as named


@pytest.fixture
def shared(office: Office) -> str:
    """Two on `blog`, the first of all on `other`."""
    secret = "Everybody can earn a fortune from the sofa: ask for Secret Words"
    return gathered(office, comment(1, "other", secret), comment(2), comment(3), similarity=0.81)


def test_a_campaign_shows_what_where_when_and_why(office: Office) -> None:
    path = gathered(office, *(comment(number) for number in (1, 2, 3)))
    page = words(office.browser("ben").get(path))
    assert "3 alike comments, the first 4 Mar 2026, 12:01 UTC" in page
    assert "the last 4 Mar 2026, 12:03" in page
    assert "from the sofa: call [number] or [link]" in page
    assert "shop.example 3 times" in page
    assert "A blog 3 since 4 Mar 2026, 12:01 UTC" in page
    assert "held Author 1 comment on A blog Everybody can earn" in page
    assert page.count("The first of all") == 1
    assert page.count("The same text as an earlier one") == 2


def test_the_submission_and_the_queue_lead_to_it(office: Office) -> None:
    path = gathered(office, *(comment(number) for number in (1, 2, 3)))
    browser = office.browser("ben")
    page = browser.get("/queue")
    assert f'href="{path}"' in page.text
    assert "3 alike ones are held" in words(page)
    assert "Campaign of 3" not in words(page)  # it would say the same again
    browser.submit("/queue", f"/submissions/{comment(1).id}/decision", verdict="spam", seen="1",
                   version="1")  # fmt: skip
    for page in (browser.get("/queue"), browser.get(f"/submissions/{comment(1).id}")):
        assert f'href="{path}"' in page.text
        assert "Campaign of 3" in words(page)


def test_two_are_no_campaign_yet_but_are_decided_together(office: Office) -> None:
    path = gathered(office, comment(1), comment(2))
    browser = office.browser("ben")
    assert "2 alike ones are held, and decided together" in words(browser.get("/queue"))
    assert "Campaign of" not in words(browser.get("/queue"))
    assert browser.get(path).status_code == 200


def test_a_moderator_sees_nothing_that_other_sites_said(office: Office, shared: str) -> None:
    answer = office.browser("ben").get(shared)
    page = words(answer)
    assert "secret" not in page.lower()
    assert "call [number] or [link]" in page  # how the first on this site looked
    assert "3 alike comments" in page
    assert "1 site that is not yours" in page
    assert "81% the same as one on another site" in page
    assert comment(1).id not in answer.text
    assert "Author 1" not in page
    assert "shop.example 2 times" in page


def test_an_admin_sees_it_whole(office: Office, shared: str) -> None:
    page = words(office.browser("anna").get(shared))
    assert "ask for secret words" in page
    assert "not yours" not in page
    assert "81% the same as an earlier one" in page
    assert "Author 1" in page
    assert "shop.example 3 times" in page


def test_who_has_no_member_finds_nothing(office: Office) -> None:
    path = gathered(office, *(comment(number) for number in (1, 2, 3)))
    eve = office.browser("eve")
    refused, unknown = eve.get(path), eve.get("/campaign/" + "0" * 32)
    assert refused.status_code == unknown.status_code == 404
    assert refused.data == unknown.data
    for odd in ("%00", "a%2fb", "x" * 3_000, "%e2%98%83"):
        assert eve.get(f"/campaign/{odd}").status_code == 404


def test_after_log_in_the_page_follows(office: Office) -> None:
    path = gathered(office, *(comment(number) for number in (1, 2, 3)))
    stranger = office.browser()
    assert stranger.get(path).status_code == 303
    assert stranger.log_in("ben", next=path).location == path


def test_an_erased_first_member_takes_the_look_along(office: Office, shared: str) -> None:
    with office.database.write() as connection:
        erase(connection, comment(2).id, 1)
        stock_more = [comment(number) for number in (4, 5)]
    for submission in stock_more:
        stock(office.database, submission, HOLD)
    stock_campaign(office.database, comment(1, "other"), *stock_more)
    page = words(office.browser("ben").get(shared))
    assert "What it looked like went with its first comment" in page
    assert "Author 2" not in page
    assert "shop.example 1 time" in page


def test_a_hot_campaign_is_a_short_page_in_few_statements(office: Office) -> None:
    path = gathered(office, *(comment(number) for number in range(1, 81)))
    browser = office.browser("ben")
    with counting(office.database) as statements:
        page = browser.get(path)
    assert len([s for s in statements if s != "BEGIN"]) <= 11
    assert len(re.findall('name="except"', page.text)) == 50
    assert "50 of 80 are shown: what is held, then the first." in words(page)
    assert "Author 80 comment" in words(page)
    assert "Author 30 comment" not in words(page)


def test_what_strangers_wrote_stays_text(office: Office) -> None:
    hostile = "<img src=x onerror=window.__pwn=1> {{7*7}} \u202e and more words to repeat"
    several = [
        replace(comment(number, text=hostile), author=Author(name="<script>1</script>"))
        for number in (1, 2, 3)
    ]
    page = office.browser("ben").get(gathered(office, *several)).text
    assert "<img" not in page
    assert ">49" not in page
    assert "&lt;script&gt;" in page
    assert "style=" not in page
    assert "\u202e" not in page


def test_a_moderator_of_both_sites_sees_both(office: Office, shared: str) -> None:
    office._enter("zoe", Role.MODERATOR, ("blog", "other"))  # noqa: SLF001  # as the others were
    page = words(office.browser("zoe").get(shared))
    assert "Author 1" in page
    assert "not yours" not in page
