"""What is imported stands as if it had been sent and decided here, and meets what comes later."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from moderator.domain.decisions.exported import SubmissionState
from moderator.domain.errors import ConflictError
from moderator.domain.events.arrival import Event, Receipt
from moderator.domain.pages.dashboard import Note
from moderator.domain.policy import Mode, Policy
from moderator.domain.queue import Job
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.intake.effects import CONTENT
from moderator.storage.intake.imports import COLUMNS
from moderator.storage.people.notes import NoteRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import hash_keys, metadata, submissions
from tests.builders import NOON, a_pingback, a_site, a_submission
from tests.house import MOD, House
from tests.recount import counted, kept
from tests.storage.importing import (
    CAROL,
    OFFER,
    OPINION,
    export_of,
    exported,
    import_into,
    records_of,
)

SAME = (
    "submissions", "decisions", "author_counts", "host_rulings", "host_counts", "lessons",
    "search_words", "notes",
)  # fmt: skip


@pytest.fixture
def house(database: Database) -> House:
    house = House(database)
    house.sites.add(a_site(id="other"), key_prefix="mod_y", key_digest="e", now=NOON)
    return house


@pytest.fixture
def elsewhere(tmp_path: Path, database: Database) -> House:
    """The same site in an empty database, which masks people's keys alike."""
    there = Database(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    upgrade(there)
    with database.read() as ours, there.write() as theirs:
        theirs.execute(update(hash_keys).values(value=ours.scalar(select(hash_keys.c.value))))
    return House(there)


def everything(house: House) -> dict[str, list[dict[str, object]]]:
    return {
        table.name: [
            dict(zip(table.columns.keys(), row, strict=True))
            for row in house.rows(
                f"SELECT {', '.join(table.columns.keys())} FROM {table.name}"  # noqa: S608
                f" WHERE {_blog(table.name)} ORDER BY 1, 2"
            )
        ]
        for table in metadata.sorted_tables
        if table.name in SAME
    }


def _blog(table: str) -> str:
    return "1 = 1" if table == "search_words" else "site_id = 'blog'"


def columns(*names: str) -> set[str]:
    return {name for several in names for name in several.split()}


def test_every_column_is_taken_along() -> None:
    """What a new one holds must be exported, or derived, or left behind on purpose."""
    of_row = columns("id site_id platform_id created_at received_at", CONTENT, COLUMNS)
    left = {"campaign_id", "erased_at"}
    assert {column.name for column in submissions.columns} - of_row == left
    state = set(SubmissionState.__dataclass_fields__)
    assert columns(COLUMNS, "edited_as edited_at") - state == {"earlier", "decided_at"}
    assert state <= of_row


def lively(house: House) -> None:
    """A site on which all that can be said of a comment was said of one."""
    texts = [f"{OPINION} Number {number} of what I think about it." for number in range(8)]
    many = [
        a_submission(each, id=f"{number:032x}", platform_id=str(number))
        for number, each in enumerate(texts, start=1)
    ]
    offer = a_submission(OFFER, id=f"{20:032x}", platform_id="20", author=CAROL)
    ping = a_pingback("https://far-example.org/a", id=f"{30:032x}", platform_id="30")
    house.send(*many, offer, ping)
    house.check()
    house.moderate(many[0].id, Verdict.APPROVE, seen=1)
    house.moderate(many[1].id, Verdict.SPAM, seen=1)
    house.moderate(many[1].id, Verdict.APPROVE, seen=2)
    house.moderate(many[2].id, Verdict.HOLD, seen=1)
    house.moderate(many[3].id, Verdict.DISCARD, seen=1)
    house.moderate(offer.id, Verdict.SPAM, seen=1)
    house.send(replace(many[0], text="Quite another text.", content="Quite another text."),
               event=Event.UPDATED)  # fmt: skip
    house.send(many[4], event=Event.DELETED)
    for reader in range(3):
        house.send(replace(many[5], ref=str(reader)), event=Event.REPORTED)
    note = Note("n1", many[0].id, MOD, "She is the owner's sister.", NOON)
    NoteRows(house.database).add(note, "blog")
    now = house.queue.now()
    house.send(replace(many[6], status="spam", received_at=now), event=Event.STATUS_CHANGED)
    house.check()
    with house.database.write() as connection:  # whatever was told was taken
        connection.execute(text("DELETE FROM queue WHERE job NOT IN ('learn')"))
    house.hurry(Job.TRAIN_SITE_MODEL)
    house.learn()


def test_an_export_makes_the_same_site_again(
    house: House, elsewhere: House, tmp_path: Path
) -> None:
    lively(house)
    house.sites.set_policy("blog", Policy(mode=Mode.CAREFUL, denylist=("blue lamp",)))
    house.sites.set_langs("blog", ("de",))
    export = export_of(house.database)
    import_into(elsewhere.database, records_of(tmp_path, export))
    elsewhere.hurry(Job.TRAIN_SITE_MODEL)
    layers = elsewhere.learn()

    mine, theirs = everything(elsewhere), everything(house)
    for table in SAME:
        for one, other in zip(mine[table], theirs[table], strict=True):
            different = {name for name, value in one.items() if value != other[name]}
            assert different <= {"campaign_id"}  # campaigns are found anew
    assert layers.load("blog")[0].to_bytes() == house.learn().load("blog")[0].to_bytes()
    assert export_of(elsewhere.database) == export
    assert kept(elsewhere.database) == counted(elsewhere.database)
    assert elsewhere.rows("SELECT * FROM deliveries") == []


def test_what_one_site_chose_is_not_pressed_on_one_that_chose(
    house: House, elsewhere: House, tmp_path: Path
) -> None:
    house.sites.set_policy("blog", Policy(mode=Mode.CAREFUL))
    elsewhere.sites.set_policy("blog", Policy(mode=Mode.OPEN))
    import_into(elsewhere.database, records_of(tmp_path, export_of(house.database)))
    site = SiteRows(elsewhere.database).get("blog")
    assert site is not None
    assert site.policy.mode is Mode.OPEN


def test_another_site_gets_ids_of_its_own_and_nothing_that_names_the_first(
    house: House, tmp_path: Path
) -> None:
    lively(house)
    before = everything(house)
    import_into(house.database, records_of(tmp_path, export_of(house.database)), site_id="other")
    both = "SELECT platform_id, status, decided_by, content_version, reports FROM submissions"
    assert sorted(house.rows(f"{both} WHERE site_id = 'blog'")) == sorted(
        house.rows(f"{both} WHERE site_id = 'other'")
    )
    assert everything(house)["submissions"] == before["submissions"]
    ids = [str(row[0]) for row in house.rows("SELECT id FROM submissions WHERE site_id = 'blog'")]
    told = [
        str(row)
        for table in ("submissions", "decisions", "notes")
        for row in house.rows(f"SELECT * FROM {table} WHERE site_id = 'other'")  # noqa: S608
    ]
    assert [id_ for id_ in ids if any(id_ in each for each in told)] == []
    assert kept(house.database) == counted(house.database)


def test_what_was_erased_stays_so_whoever_brings_it_again(house: House) -> None:
    gone = a_submission(OPINION, platform_id="17")
    house.send(gone, event=Event.DELETED)
    use = import_into(house.database, [exported(17, OPINION), exported(18, OFFER)])
    erased = "SELECT platform_id, payload FROM submissions WHERE status = 'erased'"
    assert house.rows(erased) == [("17", "")]
    counts = use.state("file").counts
    assert (counts.known, dict(counts.stored)) == (1, {"approved": 1})


def test_a_webhook_about_the_same_comment_meets_the_imported_one(house: House) -> None:
    import_into(house.database, [exported(17, OPINION)])
    ((id_,),) = house.rows("SELECT id FROM submissions")
    same = a_submission(OPINION, id="ff" * 16, platform_id="17", author=CAROL)
    (answer,) = house.send(same)
    assert answer == Receipt(str(id_), is_new=False)
    (answer,) = house.send(same, event=Event.UPDATED, timestamp=NOON + timedelta(days=9))
    assert isinstance(answer, Receipt)
    assert house.status(str(id_)) == "approved"  # the same words: nothing to judge
    house.send(replace(same, status="spam"), event=Event.STATUS_CHANGED)
    assert house.status(str(id_)) == "spam"
    house.send(same, event=Event.DELETED)
    assert house.rows("SELECT status, payload FROM submissions") == [("erased", "")]
    assert kept(house.database) == counted(house.database) == ({}, {})


def test_what_was_pending_waits_here_and_a_decision_is_told(house: House) -> None:
    import_into(house.database, [exported(17, OPINION, "hold")])
    ((id_, status),) = house.rows("SELECT id, status FROM submissions")
    assert status == "hold"
    assert house.rows("SELECT count(*) FROM search_words")[0][0] != 0  # it is found by its words
    assert house.moderate(str(id_), Verdict.APPROVE, seen=1)
    ((event, sequence),) = house.rows("SELECT event, sequence FROM deliveries")
    assert (event, sequence) == ("verdict.revised", 2)


def test_one_record_twice_in_a_file_is_stored_once(house: House) -> None:
    use = import_into(house.database, [exported(17, OPINION), exported(17, OFFER)])
    assert house.rows("SELECT count(*) FROM submissions") == [(1,)]
    counts = use.state("file").counts
    assert (counts.known, dict(counts.stored), counts.total) == (1, {"approved": 1}, 2)
    ((id_,),) = house.rows("SELECT id FROM submissions")
    stored = house.store.stored_submissions([str(id_)])[str(id_)]
    assert stored.submission.text == OPINION


def test_ids_that_another_site_has_are_refused(house: House, tmp_path: Path) -> None:
    """Somebody edited the export."""
    house.send(a_submission(OPINION))
    house.check()
    (head, line, tail) = export_of(house.database).splitlines(keepends=True)
    forged = line.replace(b'"platform_id":"1"', b'"platform_id":"2"')
    with pytest.raises(ConflictError, match="ids of this file"):
        import_into(house.database, records_of(tmp_path, head + forged + tail))
    assert house.rows("SELECT count(*) FROM submissions") == [(1,)]
