"""What has had its time is taken away, and nothing else; who is known stays known."""

from dataclasses import replace

import pytest

from moderator.checks.author_history import AuthorPast
from moderator.checks.duplicate import Duplicate
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Author, Linkback, Request
from moderator.domain.timing.retention import Part
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from moderator.storage.schema.tables import metadata
from tests.builders import POST, a_submission
from tests.house import Blog, House
from tests.recount import counted, kept
from tests.storage.retaining import (
    ADDRESS,
    ANNA,
    FINE,
    HOLD,
    MAIL,
    NEEDLE,
    SPAM,
    TOLD,
    age,
    apply,
    edit,
    naming,
    sent,
    settle,
    stored,
)
from tests.usecases.test_judging import Says


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


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
