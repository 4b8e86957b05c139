"""What is taken away when: what waits, what was edited, what an older version wrote."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderator.domain.errors import ConflictError
from moderator.domain.events.arrival import Event
from moderator.domain.timing.retention import RetentionChoice
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.schema.migrate import upgrade
from moderator.storage.upkeep import retention
from moderator.storage.upkeep.retention import RetentionRows
from tests.builders import NOON, a_submission
from tests.house import Blog, House
from tests.recount import counted, kept
from tests.storage.importing import (
    OFFER,
    OPINION,
    export_of,
    exported,
    import_into,
    records_of,
)
from tests.storage.retaining import (
    ANNA,
    DAY,
    FINE,
    HOLD,
    MAIL,
    SPAM,
    USUAL,
    age,
    apply,
    edit,
    sent,
    settle,
    stored,
)
from tests.usecases.test_judging import Says


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_what_waits_keeps_all_it_has(house: House) -> None:
    held, reported = sent(house, 1, HOLD), sent(house, 2, FINE)
    for reader in range(3):
        house.send(replace(reported, ref=str(reader)), event=Event.REPORTED)
    unlearned = sent(house, 4, HOLD)
    house.moderate(unlearned.id, Verdict.SPAM, seen=1)
    house.deliver(Blog())
    untold = a_submission(id=f"{3:032x}", platform_id="3", author=ANNA)
    house.send(untold)
    house.check(Says(SPAM))
    age(house, 1_000)
    apply(house)
    for one in (held, reported, untold, unlearned):
        assert stored(house, one.id).removed == one.removed
        assert stored(house, one.id).author == ANNA
    settle(house)
    apply(house)
    assert stored(house, untold.id).removed.words == USUAL.words
    assert stored(house, unlearned.id).removed.words == USUAL.words
    house.moderate(held.id, Verdict.APPROVE, seen=1)
    settle(house)
    apply(house)
    assert stored(house, held.id).author == ANNA  # its time begins with the decision


def test_a_site_has_its_own_days_and_may_have_none(house: House) -> None:
    one = sent(house, 1, FINE)
    age(house, 50)
    house.sites.set_retention("blog", RetentionChoice(addresses=0))
    apply(house)
    assert stored(house, one.id).author == ANNA
    house.sites.set_retention("blog", RetentionChoice(addresses=51))
    apply(house)
    assert stored(house, one.id).author == ANNA
    house.sites.set_retention("blog", RetentionChoice(addresses=49))
    apply(house)
    assert stored(house, one.id).removed.addresses == 49


def test_an_edit_brings_addresses_and_a_time_of_their_own(house: House) -> None:
    one = sent(house, 1, FINE)
    age(house, 11)
    apply(house)
    edit(house, one, "Something else.")
    house.check(Says(FINE))
    house.deliver(Blog())
    apply(house)
    assert stored(house, one.id).author == ANNA
    age(house, 11)
    apply(house)
    assert stored(house, one.id).author.email == ""


def test_a_copy_without_words_is_not_judged_again(house: House) -> None:
    """It would be nothing but empty, and that is no spam."""
    first, copy = sent(house, 1, FINE), sent(house, 2, SPAM)
    with house.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE submissions SET duplicate_of = '{first.id}' WHERE id = '{copy.id}'"  # noqa: S608  # ours
        )
    age(house, 21)
    apply(house)
    house.moderate(first.id, Verdict.SPAM, seen=1)
    assert house.rows("SELECT subject_id FROM queue WHERE job = 'check'") == []
    assert house.status(copy.id) == "spam"


def test_what_an_older_version_wrote_has_its_time_too(house: House) -> None:
    """It says not when it was decided, and its keys are no keyed hashes."""
    one = sent(house, 1, FINE)
    plain = "0123456789abcdef0123456789abcdef"
    with house.database.write() as connection:
        for sql in (
            "UPDATE submissions SET decided_at = NULL, author_key = '{}', address_key = '{}'",
            "UPDATE author_counts SET author_key = '{}'",
        ):
            connection.exec_driver_sql(sql.format(plain, plain))
        connection.exec_driver_sql(
            f"UPDATE decisions SET decided_at = decided_at - {11 * DAY}"  # noqa: S608  # a number
        )
    apply(house)
    assert stored(house, one.id).author.email == ""
    mask = house.database.mask
    keys = house.rows("SELECT author_key, address_key FROM submissions")
    assert keys == [(mask(plain), mask(plain))]
    assert house.rows("SELECT author_key FROM author_counts") == [(mask(plain),)]
    assert counted(house.database) == kept(house.database)


def test_what_is_passed_over_keeps_nobody_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PIECE", 2)
    monkeypatch.setattr(retention, "PIECES", 1)
    many = [sent(house, number, FINE) for number in range(1, 8)]
    with house.database.write() as connection:
        for one in many[:3]:
            connection.exec_driver_sql(
                f"UPDATE deliveries SET state = 'waiting' WHERE submission_id = '{one.id}'"  # noqa: S608
            )
    age(house, 11)
    rows = RetentionRows(house.database, house.sites.all, USUAL)
    rounds = 0
    while rows.apply():
        rounds += 1
    assert rounds > 1
    gone = [one.id for one in many if stored(house, one.id).removed.addresses]
    assert gone == [one.id for one in many[3:]]


def test_what_was_told_cannot_be_sent_again_once_its_bytes_are_gone(house: House) -> None:
    one = sent(house, 1, SPAM)
    with house.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'dead'")
    age(house, 21)
    apply(house)
    assert house.rows("SELECT length(body) FROM deliveries") == [(0,)]
    with pytest.raises(ConflictError, match="kept no longer"):
        DeliveryRows(house.database).resend(None, f"msg_{one.id}-1", NOON)
    assert DeliveryRows(house.database).revive("blog") == 0


def test_an_imported_history_is_as_old_as_its_decisions(house: House) -> None:
    """What is older than the days is learned from, and then taken away; what is held waits."""
    now, years = house.database.now(), timedelta(days=5 * 365)
    found = [
        exported(1, OPINION, created=now - years, author=ANNA),
        exported(2, OFFER, "spam", created=now - years, author=ANNA),
        exported(3, f"{OPINION} Again.", created=now - timedelta(days=1), author=ANNA),
        exported(4, f"{OFFER} Soon.", "hold", created=now - years, author=ANNA),
    ]
    import_into(house.database, found)
    apply(house)
    left = {
        str(row[0]): load_submission(str(row[1]))
        for row in house.rows("SELECT platform_id, payload FROM submissions")
    }
    lessons = house.rows("SELECT count(*) FROM queue WHERE job = 'learn'")
    assert lessons[0][0] in (2, 3)
    assert left["1"].author.email == MAIL  # waits to be learned from
    settle(house)
    apply(house)
    left = {
        str(row[0]): load_submission(str(row[1]))
        for row in house.rows("SELECT platform_id, payload FROM submissions")
    }
    assert [each.author.email for _, each in sorted(left.items())] == ["", "", MAIL, MAIL]
    assert [bool(each.text) for _, each in sorted(left.items())] == [True, False, True, True]


def test_what_was_exported_without_words_is_imported_so(house: House, tmp_path: Path) -> None:
    """It is no empty comment elsewhere either, and is judged by nobody."""
    one = sent(house, 1, SPAM)
    age(house, 21)
    apply(house)
    export = export_of(house.database)
    there = Database(f"sqlite:///{tmp_path / 'there.db'}")
    upgrade(there)
    elsewhere = House(there)
    import_into(there, records_of(tmp_path, export))
    left = elsewhere.store.stored_submissions([one.id])[one.id]
    assert (left.status, left.submission.removed.words) == ("spam", USUAL.words)
    assert elsewhere.rows("SELECT has_addresses, has_words FROM submissions") == [(0, 0)]
    there.close()
