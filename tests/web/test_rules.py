"""The pages of rules: made after a preview, moved, taken back, by trust and block; by role."""

import re
from dataclasses import replace
from datetime import timedelta

from moderator.checks.rules import Rules
from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.finding import Finding, Signal
from moderator.domain.rule import RuleState
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Verdict
from moderator.storage.history.received import HistoryRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.rules import RuleRows
from moderator.usecases.rules.run_dry import RunDry
from moderator.usecases.rules.try_rule import TryRule
from tests.builders import NOON, a_submission
from tests.house import MOD
from tests.stock import stock
from tests.web.desk import Browser, Office, words

HALF = Finding("spam_text", Signal.SUSPECT, "Reads like spam", "spam_text", 0.5)
RULE = {"kind": "list", "what": "casino", "does": "spam", "site": "blog"}
UNDO = re.compile(r'name="change" value="([0-9]+)"')


def comment(number: int, text: str, *, email: str = "", url: str = "") -> Submission:
    at = NOON + timedelta(seconds=number)
    return replace(
        a_submission(text, author=Author(name=f"Jo {number}", email=email, url=url)),
        id=f"{number:032x}",
        platform_id=str(number),
        created_at=at,
        received_at=at,
    )


def stocked(office: Office, *submissions: Submission) -> None:
    for submission in submissions:
        stock(office.database, submission, HALF)


def run_dry(office: Office) -> None:
    """What a worker does when a rule waits to be tried."""
    database = office.database
    tries = TryRule(HistoryRows(database), SiteRows(database), Rules())
    step = RunDry(Queue(database), RuleRows(database), tries, lambda _: None, lambda: "token")
    while step():
        pass


def made(browser: Browser, **fields: str) -> str:
    answer = browser.submit("/rules", "/rules", **RULE | fields)
    assert answer.status_code == 303, words(answer)
    return answer.location


def test_a_rule_is_previewed_made_and_taken_back(office: Office) -> None:
    stocked(office, comment(1, "My casino is open"), comment(2, "A casino in town"))
    office.moderate(f"{2:032x}", Verdict.APPROVE, MOD, seen=SeenVersion(1, 1), now=office.now)
    ben = office.browser("ben")
    preview = words(ben.submit("/rules", "/rules/preview", **RULE))
    assert "Nothing was made yet" in preview
    assert "Caught 2" in preview
    assert "People said otherwise 1" in preview
    assert "People approved these approved Jo 2" in preview
    assert "There are no rules yet" in words(ben.get("/rules"))
    page = made(ben, **{"as": "live"})
    shown = ben.get(page)
    assert "It was made." in words(shown)
    assert "live list → call it spam, A blog" in words(shown)
    change = UNDO.search(shown.text)
    assert change is not None
    back = ben.submit(page, "/rules/undo", change=change[1])
    assert back.status_code == 303
    assert "It was taken back." in words(ben.get(back.location))
    assert [rule.state for rule in RuleRows(office.database).of(None)] == [RuleState.EXPIRED]
    assert ben.submit(page, "/rules/undo", change=change[1]).location == "/rules?missed=1"


def test_a_pattern_waits_for_its_dry_run_and_must_earn_what_it_does(office: Office) -> None:
    stocked(office, comment(1, "My casino is open"))
    ben = office.browser("ben")
    fields = {"kind": "pattern", "what": r"cas\w+"}
    preview = words(ben.submit("/rules", "/rules/preview", **RULE | fields))
    assert "Let it act now" not in preview
    page = made(ben, **fields)
    assert "It was not tried on stored history yet" in words(ben.get(page))
    assert (
        ben.submit(page, f"{page.partition('?')[0]}/move", to="live", seen="1").status_code == 400
    )
    run_dry(office)
    shown = words(ben.get(page))
    assert "Caught 1" in shown
    assert "It would decide in a person's place" in shown
    moved = ben.submit(page, f"{page.partition('?')[0]}/move", to="shadow", seen="1")
    assert "shadow pattern" in words(ben.get(moved.location))
    late = ben.submit(page, f"{page.partition('?')[0]}/move", to="expired", seen="1")
    assert "It was changed meanwhile" in words(ben.get(late.location))


def test_a_draft_can_be_changed_and_is_tried_anew(office: Office) -> None:
    stocked(office, comment(1, "My casino is open"), comment(2, "Poker tonight"))
    ben = office.browser("ben")
    page = made(ben, **{"as": "draft"})
    run_dry(office)
    change = RULE | {"what": "casino\npoker", "seen": "1"}
    assert ben.submit(page, f"{page.partition('?')[0]}/change", **change).status_code == 303
    run_dry(office)
    assert "Caught 2" in words(ben.get(page))


def test_what_cannot_be_read_is_told_and_the_form_keeps_it(office: Office) -> None:
    ben = office.browser("ben")
    for action in ("/rules/preview", "/rules"):
        answer = ben.submit("/rules", action, **RULE | {"what": "192.0.2.999"})
        assert answer.status_code == 400
        assert "cannot be an entry" in words(answer)
        assert "192.0.2.999</textarea>" in answer.text


def test_only_own_sites_and_only_who_sees_all_makes_rules_of_all(office: Office) -> None:
    ben, anna = office.browser("ben"), office.browser("anna")
    assert ben.submit("/rules", "/rules", **RULE | {"site": "other"}).status_code == 404
    assert ben.submit("/rules", "/rules", **RULE | {"site": "", "as": "live"}).status_code == 403
    page = made(anna, site="", **{"as": "live"})
    assert "every site" in words(ben.get(page))
    action = f"{page.partition('?')[0]}/move"
    assert ben.submit("/rules", action, to="expired", seen="1").status_code == 403
    mine = made(ben, **{"as": "live"})
    assert office.browser("eve").get(mine).status_code == 404
    line = str(RuleRows(office.database).changes(None)[0].number)
    assert office.browser("eve").submit("/rules", "/rules/undo", change=line).status_code == 404


def test_block_and_trust_from_the_item_by_scope(office: Office) -> None:
    shoes = {"email": "joe@shoes.example", "url": "https://shoes.example/sale/1"}
    stocked(office, comment(1, "Nice post", **shoes), comment(2, "Nice post too", **shoes))
    ben, item = office.browser("ben"), f"/submissions/{1:032x}"
    shown = ben.get(item).text
    assert f'data-open="trust" href="{item}/rule/trust"' in shown
    page = words(ben.get(f"{item}/rule/block"))
    for entry in ("shoes.example", "prefix:https://shoes.example/sale/", "author:Jo 1"):
        assert entry in page
    assert "Caught 2" in page
    narrow = words(ben.get(f"{item}/rule/block?entry=author:Jo+1"))
    assert "Caught 1" in narrow
    assert "author:" not in words(ben.get(f"{item}/rule/trust"))
    assert ben.submit(f"{item}/rule/block", f"{item}/rule/block", entry="casino").status_code == 400
    where = ben.submit(f"{item}/rule/block", f"{item}/rule/block", entry="shoes.example")
    assert "live list → call it spam" in words(ben.get(where.location))
    assert office.browser("eve").get(f"{item}/rule/block").status_code == 404


def test_trust_speaks_for_what_it_names(office: Office) -> None:
    stocked(office, comment(1, "Nice post", email="joe@mail.example"))
    ben, item = office.browser("ben"), f"/submissions/{1:032x}"
    assert "held approved 1" in words(ben.get(f"{item}/rule/trust"))
    where = ben.submit(
        f"{item}/rule/trust", f"{item}/rule/trust", entry="joe@mail.example"
    ).location
    assert "live list → speak for it" in words(ben.get(where))


def test_what_names_nothing_can_be_neither_trusted_nor_blocked(office: Office) -> None:
    nobody = replace(comment(1, "Hello"), author=Author())
    stocked(office, nobody)
    page = words(office.browser("ben").get(f"/submissions/{1:032x}/rule/block"))
    assert "It names nothing that could be meant" in page


def test_hostile_rules_are_shown_as_text(office: Office) -> None:
    stocked(office, comment(1, "<script>alert(1)</script>", url="https://a.example/?<script>"))
    ben = office.browser("ben")
    hostile = {"kind": "pattern", "what": "<script>alert", "name": '"><img src=x onerror=alert(1)>'}
    page = made(ben, **hostile)
    run_dry(office)
    for shown in (page, "/rules", f"/submissions/{1:032x}/rule/block"):
        text = ben.get(shown).text
        assert "<script>alert" not in text
        assert "<img" not in text


def test_wordpress_settings_become_rules_after_they_were_seen(office: Office) -> None:
    stocked(office, comment(1, "My casino is open"))
    ben = office.browser("ben")
    export = (
        '[{"option_name": "moderation_keys", "option_value": "casino\\n192.0.2.999"},'
        ' {"option_name": "disallowed_keys", "option_value": "viagra"},'
        ' {"option_name": "comment_max_links", "option_value": "2"},'
        ' {"option_name": "comment_previously_approved", "option_value": "1"}]'
    )
    seen = ben.submit("/rules/wordpress", "/rules/wordpress", site="blog", export=export)
    assert "It would have caught 1 of the newest 1 submissions" in words(seen)
    assert "192.0.2.999" in words(seen)
    assert RuleRows(office.database).of(None) == []
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', seen.text))
    assert ben.post("/rules/wordpress", fields).status_code == 303
    rules = RuleRows(office.database).of(None)
    told = {(rule.name, rule.what, rule.action, rule.state) for rule in rules}
    assert told == {
        ("WordPress: moderation keys", "casino", Verdict.HOLD, RuleState.LIVE),
        ("WordPress: disallowed keys", "viagra", Verdict.DISCARD, RuleState.LIVE),
        ("WordPress: links", "2", Verdict.HOLD, RuleState.LIVE),
    }
    site = SiteRows(office.database).get("blog")
    assert site is not None
    assert site.policy.previously_approved


def test_thresholds_say_when_they_know_too_little_and_careful_ones_are_free(office: Office) -> None:
    stocked(office, *(comment(number, "The river") for number in range(1, 4)))
    ben = office.browser("ben")
    start = ben.get("/thresholds")
    assert start.location == "/thresholds/blog"
    assert "These are too few decisions to say much" in words(ben.get(start.location))
    fields = {"hold": "0,3", "spam": "1", "moderation": "observe", "previously": "1"}
    kept = ben.submit("/thresholds/blog", "/thresholds/blog", **fields)
    shown = ben.get(kept.location)
    assert "This site only observes" in words(shown)
    change = UNDO.search(shown.text)
    assert change is not None
    undone = ben.submit("/thresholds/blog", "/rules/undo", change=change[1])
    assert "It was taken back." in words(ben.get(undone.location))
    assert "This site only observes" not in words(ben.get("/thresholds/blog"))
    assert office.browser("eve").get("/thresholds/blog").status_code == 404


def test_thresholds_that_decide_more_must_have_earned_it(office: Office) -> None:
    ben = office.browser("ben")
    for fields in ({"hold": "0.6", "spam": "0.9"}, {"hold": "0.4", "spam": "0.7"}):
        fields["moderation"] = "usual"
        answer = ben.submit("/thresholds/blog", "/thresholds/blog", **fields)
        assert answer.status_code == 400
        assert "people must have agreed with 99.75%" in words(answer)
    for hold in ("x", "nan", "-1", "2"):
        fields = {"hold": hold, "spam": "0.9", "moderation": "usual"}
        assert ben.submit("/thresholds/blog", "/thresholds/blog", **fields).status_code == 400


def test_a_viewer_sees_rules_and_changes_none(office: Office) -> None:
    stocked(office, comment(1, "My casino", url="https://shoes.example/"))
    page, item = made(office.browser("ben"), **{"as": "live"}), f"/submissions/{1:032x}"
    vic = office.browser("vic")
    for shown in (page, "/rules", "/thresholds/blog", f"{item}/rule/block"):
        text = vic.get(shown).text
        assert "Rules" in text
        for button in ("/rules/undo", "/move", "/try", "/rules/preview", "Keep these", "Block it"):
            assert button not in text, shown
    assert "/rule/block" not in vic.get(item).text
