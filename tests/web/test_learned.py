"""The page of what people refuse again and again: numbers, examples, a draft by one press."""

from dataclasses import replace
from datetime import timedelta

from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.verdict import Verdict
from moderator.storage.rules import RuleRows
from tests.house import MOD
from tests.web.desk import Browser, Office, words
from tests.web.test_rules import comment, run_dry, stocked

MANY = 24


def refused(office: Office, number: int = MANY) -> None:
    """Refused by people on four days, all with one host."""
    for place in range(1, number + 1):
        office.now += timedelta(hours=4)
        given = comment(place, f"Shoes {place}", url=f"https://shoes.example/{place}")
        at = office.now
        stocked(office, replace(given, received_at=at))
        office.moderate(given.id, Verdict.SPAM, MOD, seen=SeenVersion(1, 1), now=at)


def taken(browser: Browser, entry: str = "shoes.example") -> str:
    answer = browser.submit("/learned/blog", "/learned/blog", entry=entry)
    assert answer.status_code == 303, words(answer)
    return answer.location


def test_a_proposal_tells_its_numbers_and_becomes_a_draft(office: Office) -> None:
    refused(office)
    ben = office.browser("ben")
    page = words(ben.get("/learned/blog"))
    assert (
        f"shoes.example refused {MANY} approved 0 by 95 % between 86.2 and 100.0 %, on 5 days"
        in page
    )
    assert "hold it for a person" in page
    where = taken(ben)
    shown = words(ben.get(where))
    assert "draft learned list → hold it for a person, A blog" in shown
    run_dry(office)
    assert f"Caught {MANY}" in words(ben.get(where))
    assert "Nothing is refused so often yet" in words(ben.get("/learned/blog"))


def test_what_was_learned_holds_and_must_earn_more(office: Office) -> None:
    refused(office)
    ben = office.browser("ben")
    path = taken(ben).partition("?")[0]
    change = {"kind": "list", "what": "shoes.example", "site": "blog", "seen": "1", "does": "spam"}
    assert ben.submit(path, f"{path}/change", **change).status_code == 303
    run_dry(office)
    refused_live = ben.submit(path, f"{path}/move", to="live", seen="2")
    assert refused_live.status_code == 400
    assert "in a person's place" in words(refused_live)
    assert ben.submit(path, f"{path}/change", **change | {"does": "hold", "seen": "2"}).status_code
    run_dry(office)
    assert ben.submit(path, f"{path}/move", to="live", seen="3").status_code == 303
    (rule,) = RuleRows(office.database).of(None)
    assert (rule.state, rule.action, rule.is_learned) == ("live", "hold", True)


def test_what_is_not_proposed_is_taken_by_nobody(office: Office) -> None:
    refused(office)
    ben = office.browser("ben")
    answer = ben.submit("/queue?shelf=all", "/learned/blog", entry="news.example")
    assert answer.status_code == 404
    assert RuleRows(office.database).of(None) == []
    assert office.browser("eve").get("/learned/blog").status_code == 404
    vic = office.browser("vic")
    assert "shoes.example" in words(vic.get("/learned/blog"))
    assert "Make a draft" not in words(vic.get("/learned/blog"))
