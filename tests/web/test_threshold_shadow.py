"""Thresholds that count in shadow, on their page: begun, told, ended."""

from moderator.domain.rule import RuleState
from moderator.storage.rules import RuleRows
from tests.web.desk import Office, words

FORM = {"hold": "0.3", "spam": "0,8", "moderation": "usual", "as": "shadow"}


def test_thresholds_are_counted_and_what_is_chosen_stays(office: Office) -> None:
    ben = office.browser("ben")
    answer = ben.submit("/thresholds/blog", "/thresholds/blog", **FORM)
    assert answer.status_code == 303
    page = words(ben.get(answer.location))
    assert "From now on it is counted" in page
    assert "held from 0.3, spam from 0.8" in page
    assert "nothing so far" in page
    assert (
        'id="hold" name="hold" inputmode="decimal" required value="0.4"'
        in ben.get("/thresholds/blog").text
    )
    (rule,) = RuleRows(office.database).of(None)
    assert rule.state is RuleState.SHADOW
    with office.database.write() as connection:
        sql = f"INSERT INTO rule_counts VALUES ('{rule.id}', 'approve>hold', 7, 0)"  # noqa: S608
        connection.exec_driver_sql(sql)
    for path in ("/thresholds/blog", "/rules", f"/rules/{rule.id}"):
        assert "approved → held 7" in words(ben.get(path)), path
    ended = ben.submit("/thresholds/blog", f"/rules/{rule.id}/move", to="expired", seen="2")
    assert ended.status_code == 303
    assert "In shadow" not in words(ben.get("/thresholds/blog"))


def test_what_goes_down_is_told_and_nothing_is_made(office: Office) -> None:
    ben = office.browser("ben")
    answer = ben.submit("/thresholds/blog", "/thresholds/blog", **FORM | {"hold": "0.9"})
    assert answer.status_code == 400
    assert "Thresholds go up" in words(answer)
    assert RuleRows(office.database).of(None) == []
    eve = office.browser("eve")
    assert eve.submit("/queue", "/thresholds/blog", **FORM).status_code in {403, 404}
    assert RuleRows(office.database).of(None) == []
