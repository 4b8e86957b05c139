"""What owners did is a line: by whom, to whom, when; found, exported, and never a secret."""

import json

import pytest

from moderator.storage.audit import AuditRows
from moderator.storage.people.sites import SiteRows
from tests.web.desk import Browser, Office, words

RULE = {"kind": "list", "what": "casino", "does": "spam", "site": "blog", "as": "live"}
CHOICES = {"mode": "careful", "copies": "hold"}
SITE = {
    "name": "The river", "url": "https://blog.example.org", "platform": "generic", "langs": "de,en",
    "callback_url": "https://blog.example.org/callback",
}  # fmt: skip


def lines(browser: Browser, query: str = "") -> list[dict[str, str]]:
    text = browser.get(f"/audit.jsonl{query}").text
    return [json.loads(line) for line in text.splitlines()]


def test_each_thing_that_owners_do_is_a_line(office: Office) -> None:
    anna, ben = office.browser("anna"), office.browser("ben")
    anna.submit("/people", "/people", name="kim", role="moderator", site="blog")
    anna.submit("/people", "/people/assign", name="eve", role="viewer", site="other")
    anna.submit("/people", "/people/link", name="eve")
    for what in ("logout", "disable", "enable"):
        anna.submit("/people", f"/people/{what}", name="vic")
    anna.submit("/sites/blog", "/sites/blog/rotate")
    anna.submit("/sites/blog", "/sites/blog/door-key")
    anna.submit("/sites/blog", "/sites/blog/choices", **CHOICES)
    anna.submit("/sites/blog", "/sites/blog/change", **SITE)
    ben.submit("/rules", "/rules", **RULE)
    anna.submit("/thresholds/blog", "/thresholds/blog", hold="0.3", spam="0.9", moderation="usual")
    found = lines(anna)
    assert [line["act"] for line in reversed(found)] == [
        "invited", "assigned", "linked", "logged_out", "disabled", "enabled", "rotated",
        "key_made", "site_changed", "site_changed", "rule", "thresholds",
    ]  # fmt: skip
    told = {line["act"]: line for line in found}
    assert (told["invited"]["about"], told["invited"]["detail"]) == ("kim", "moderator: blog")
    assert told["assigned"]["detail"] == "viewer: other"
    assert (told["rule"]["who"], told["rule"]["site"]) == ("ben", "blog")
    assert told["rule"]["detail"] == "live list spam: casino"
    assert told["thresholds"]["detail"] == "0.3 0.9 usual"
    page = words(anna.get("/audit"))
    assert "anna invited to log in: kim moderator: blog" in page
    assert "ben changed a rule: live list spam: casino" in page


def test_it_is_looked_through_by_who_what_site_and_day(office: Office) -> None:
    anna, ben = office.browser("anna"), office.browser("ben")
    ben.submit("/rules", "/rules", **RULE)
    anna.submit("/people", "/people/disable", name="vic")
    day = f"{office.now:%Y-%m-%d}"
    assert [line["act"] for line in lines(anna, "?what=disabled")] == ["disabled"]
    assert [line["act"] for line in lines(anna, "?site=blog")] == ["rule"]
    assert len(lines(anna, f"?since={day}&until={day}")) == 2
    assert lines(anna, "?until=2020-01-01") == []
    assert "Nothing found" in words(anna.get("/audit?until=2020-01-01"))
    assert len(lines(anna, "?what=nonsense&since=2020-99-99")) == 2
    people = AuditRows(office.database).people()
    who = next(id_ for id_, name in people.items() if name == "ben")
    assert [line["who"] for line in lines(anna, f"?who={who}")] == ["ben"]
    for place in ("x", "-1", "9" * 40, "1"):
        assert anna.get(f"/audit?before={place}").status_code == 200


def test_pages_follow_each_other_and_the_export_is_whole(office: Office) -> None:
    anna = office.browser("anna")
    for _ in range(60):
        anna.submit("/people", "/people/logout", name="vic")
    first = anna.get("/audit")
    assert first.text.count("ended all sessions of") == 50 + 1  # and as what can be looked for
    older = first.text.split("before=")[1].split('"')[0]
    assert anna.get(f"/audit?before={older}").text.count("ended all sessions of") == 10 + 1
    assert len(lines(anna)) == 60
    csv = anna.get("/audit.csv").text.splitlines()
    assert csv[0] == "at,who,act,about,site,detail"
    assert len(csv) == 61


@pytest.mark.parametrize("path", ["/audit", "/audit.csv", "/audit.jsonl"])
def test_only_owners_see_it(office: Office, path: str) -> None:
    for name in ("ben", "vic"):
        assert office.browser(name).get(path).status_code == 403
    assert office.browser("anna").get(path).status_code == 200


def test_no_secret_is_in_it(office: Office) -> None:
    anna = office.browser("anna")
    shown = anna.submit("/sites/blog", "/sites/blog/rotate").text
    secret = shown.split("whsec_")[1].split("<")[0]
    link = anna.submit("/people", "/people/link", name="eve").text
    token = link.split("/welcome/")[1].split("<")[0]
    told = anna.get("/audit.jsonl").text
    assert secret not in told
    assert token not in told
    assert min(len(secret), len(token)) > 20


def test_a_site_is_changed_whole_or_not_at_all(office: Office) -> None:
    anna = office.browser("anna")
    wrong = SITE | {"url": "ftp://x", "langs": "klingon!", "platform": "fax"}
    answer = anna.submit("/sites/blog", "/sites/blog/change", **wrong)
    assert answer.status_code == 422
    for field in ("url:", "langs:", "platform:"):
        assert field in words(answer)
    assert "ftp://x" in answer.text  # what was typed is still there
    before = SiteRows(office.database).get("blog")
    assert before is not None
    assert before.name == "A blog"
    assert lines(anna) == []
    assert anna.submit("/sites/blog", "/sites/blog/change", **SITE).status_code == 303
    after = SiteRows(office.database).get("blog")
    assert after is not None
    assert (after.name, after.langs) == ("The river", ("de", "en"))
    assert "name The river" in lines(anna)[0]["detail"]


def test_a_site_is_removed_by_who_types_its_id(office: Office) -> None:
    anna = office.browser("anna")
    answer = anna.submit("/sites/other", "/sites/other/remove", confirmed="blog")
    assert answer.status_code == 422
    assert "was not confirmed" in words(answer)
    assert SiteRows(office.database).get("other") is not None
    assert anna.submit("/sites/other", "/sites/other/remove", confirmed="other").status_code == 303
    assert SiteRows(office.database).get("other") is None
    assert [line["act"] for line in lines(anna)] == ["site_removed"]
    assert anna.get("/audit").status_code == 200
