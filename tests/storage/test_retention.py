"""What has had its time is taken away, and nothing else; who is known stays known."""

from dataclasses import replace

import pytest

from moderator.checks.author_history import AuthorPast
from moderator.checks.duplicate import Duplicate
from moderator.domain.errors import ConflictError
from moderator.domain.events.arrival import Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Linkback, Request, Submission
from moderator.domain.timing.retention import Part, Retention, RetentionChoice
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.schema.tables import metadata
from moderator.storage.upkeep import retention
from moderator.storage.upkeep.retention import RetentionRows
from tests.builders import NOON, POST, a_submission
from tests.house import Blog, House
from tests.recount import counted, kept
from tests.usecases.test_judging import Says

DAY = 86_400_000
NEEDLE = "quixotilda"
MAIL, ADDRESS = f"Anna@{NEEDLE}.example.org", "198.51.100.77"
ANNA = Author(name="Anna", email=MAIL, ip=ADDRESS, user_agent=f"{NEEDLE}/1.0")
USUAL = Retention(addresses=10, words=20, pages=5)
TOLD: dict[str, object] = {"entries": [MAIL.lower()], "at": ADDRESS, "campaign_id": "kept"}
SPAM = Finding("lists", Signal.SPAM, f"The denylist names {MAIL}", "denied", 1.0, TOLD)
HOLD = Finding("lists", Signal.SUSPECT, f"The denylist names {MAIL}", "denied", 0.5, TOLD)
FINE = Finding("lists", Signal.HAM, f"The allowlist names {MAIL} at {ADDRESS}", "allowed", -0.1)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def sent(house: House, number: int, said: Finding, **changes: object) -> Submission:
    """One that was judged, and of which the blog was told."""
    text = str(changes.pop("text", f"{NEEDLE} says this, and nobody else, number {number}."))
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "author": ANNA,
        "request": Request(referrer=f"https://{NEEDLE}.test/"),
        "ext": {"note": NEEDLE},
    }
    submission = a_submission(text, **(given | changes))
    house.send(submission)
    house.check(Says(said))
    house.deliver(Blog())
    return submission


def edit(house: House, one: Submission, text: str) -> None:
    house.send(replace(one, text=text, content=text), event=Event.UPDATED)


def settle(house: House) -> None:
    """Let the blog be told, and be learned what people said."""
    house.deliver(Blog())
    house.hurry(Job.TRAIN_SITE_MODEL)
    house.learn()
    with house.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM queue WHERE job = 'teach'")


def age(house: House, days: float) -> None:
    """Let all that was decided lie so many days further back."""
    with house.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE submissions SET decided_at = decided_at - {int(days * DAY)}"  # noqa: S608  # a number
            " WHERE decided_at IS NOT NULL"
        )


def apply(house: House, usual: Retention = USUAL) -> None:
    rows = RetentionRows(house.database, house.sites.all, usual)
    while rows.apply():
        pass


def stored(house: House, id_: str) -> Submission:
    return house.store.stored_submissions([id_])[id_].submission


def naming(house: House, *needles: str) -> set[str]:
    """The columns in which any of these stands, in any case."""
    found = set()
    with house.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()).mappings():
                found |= {
                    f"{table.name}.{name}"
                    for name, value in row.items()
                    if any(needle.lower() in str(value).lower() for needle in needles)
                }
    return found


def test_addresses_go_and_the_words_of_what_stands_stay(house: House) -> None:
    one = sent(house, 1, FINE)
    edit(house, one, f"{one.text} Edited.")
    house.check(Says(FINE))
    house.deliver(Blog())
    age(house, 9.9)
    before = naming(house, MAIL, ADDRESS)
    assert before == {
        "submissions.payload", "submissions.earlier", "decisions.reasons", "decisions.findings",
        "deliveries.body",
    }  # fmt: skip
    apply(house)
    assert naming(house, MAIL, ADDRESS) == before
    age(house, 0.2)
    apply(house)
    assert naming(house, MAIL, ADDRESS, f"{NEEDLE}/1.0", f"{NEEDLE}.test") == set()
    left = stored(house, one.id)
    assert (left.text, left.author.name) == (f"{one.text} Edited.", "Anna")
    assert (left.removed.addresses, left.removed.words) == (10, 0)
    assert (left.author.email_key[:1], left.author.ip_key[:1]) == ("h", "h")
    assert left.ext == {}


def test_what_was_said_of_it_keeps_all_but_the_address(house: House) -> None:
    one = sent(house, 1, SPAM)
    age(house, 11)
    apply(house)
    found = house.found(one.id, "lists")
    assert found == replace(
        SPAM, reason="The denylist names …", evidence=TOLD | {"entries": ["…"], "at": "…"}
    )


def test_who_is_known_stays_known(house: House) -> None:
    """An author whom a person approved is no stranger after the addresses are gone."""
    one = sent(house, 1, HOLD)
    house.moderate(one.id, Verdict.APPROVE, seen=1)
    settle(house)
    age(house, 11)
    apply(house)
    assert stored(house, one.id).author.email == ""
    again = a_submission("Anna is here again.", id=f"{2:032x}", platform_id="2", author=ANNA)
    house.send(again)
    house.check(AuthorPast())
    assert house.found(again.id, "author_history").code == "approved_before"
    assert counted(house.database) == kept(house.database)


def test_the_words_of_what_was_refused_go_from_everywhere(house: House) -> None:
    one, other = sent(house, 1, SPAM), sent(house, 2, FINE)
    edit(house, one, f"{one.text} Once more.")
    house.check(Says(HOLD))
    house.moderate(one.id, Verdict.SPAM, seen=2, version=2)
    settle(house)
    with house.database.write() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO phrases (key, submission_id) VALUES (7, '{one.id}')"  # noqa: S608  # ours
        )
    age(house, 21)
    apply(house)
    left = stored(house, one.id)
    assert (left.text, left.content, left.author.name, left.removed.words) == ("", "", "", 20)
    named = [row for row in house.rows("SELECT id, payload, earlier FROM submissions")
             if NEEDLE in str(row).lower()]  # fmt: skip
    assert [row[0] for row in named] == [other.id]
    assert NEEDLE in stored(house, other.id).text
    words = house.rows("SELECT word FROM search_words")
    assert [word for (word,) in words if not str(word).startswith("=")] == []
    assert house.rows("SELECT submission_id FROM phrases") == []
    latest = house.rows(
        "SELECT verdict, score, reasons FROM decisions WHERE submission_id ="  # noqa: S608  # ours
        f" '{one.id}' AND sequence = 1"
    )
    assert latest[0][:2] == ("spam", 1.0)
    assert str(latest[0][2]).count("denied") == 1
    assert NEEDLE not in str(latest).lower()


def test_a_text_that_is_gone_is_still_known_as_spam(house: House) -> None:
    one = sent(house, 1, HOLD)
    house.moderate(one.id, Verdict.SPAM, seen=1)
    settle(house)
    age(house, 21)
    apply(house)
    bob = Author(name="Bob", email="bob@example.org", url="https://bob.test/")
    again = replace(one, id=f"{2:032x}", platform_id="2", author=bob)
    house.send(again)
    house.check(Duplicate())
    assert house.found(again.id, "duplicate").code == "known_spam"


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


def test_a_page_goes_when_nobody_looks_again(house: House) -> None:
    source = Linkback("pingback", "https://far.test/", POST.url, "Title", "what it says", "<p>all")
    quoted = {"excerpt": "what it says", "relation": "mention", "status": 200}
    said = Finding("source_link", Signal.HAM, "It links", "linked", -0.1, quoted)
    one = sent(house, 1, said, kind=pingback.KIND, linkback=source, text="what it says")
    age(house, 6)
    apply(house)
    assert stored(house, one.id).linkback == source
    with house.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM queue WHERE job = 'reverify'")
    apply(house)
    left = stored(house, one.id)
    assert left.linkback == replace(source, source_html=None)
    assert (left.text, left.removed.pages) == ("what it says", 5)
    assert house.found(one.id, "source_link").evidence == {"relation": "mention", "status": 200}


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


def test_every_part_is_known_to_the_row_that_holds_it(house: House) -> None:
    """A row says of each part whether it is there, so that an index can."""
    sent(house, 1, FINE)
    bare = Author(name="Nobody")
    sent(house, 2, FINE, author=bare, request=Request(), ext={})
    flags = house.rows("SELECT has_addresses, has_words, has_pages FROM submissions ORDER BY id")
    assert flags == [(1, 1, 0), (0, 1, 0)]
    assert {f"has_{part}" for part in Part} <= set(metadata.tables["submissions"].c.keys())


def test_an_earlier_payload_of_an_edit_is_read_as_any(house: House) -> None:
    one = sent(house, 1, FINE)
    edit(house, one, "Edited.")
    house.check(Says(FINE))
    house.deliver(Blog())
    age(house, 11)
    apply(house)
    [(earlier,)] = house.rows("SELECT earlier FROM submissions")
    assert load_submission(str(earlier)).author.email == ""
    assert load_submission(str(earlier)).text == one.text
