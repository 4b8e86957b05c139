"""What the pages read, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from moderator.domain.decisions.delivery import DeliveryState
from moderator.domain.errors import NotFoundError
from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import CappedCount, ItemPage, Tab
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Submission
from moderator.domain.verdict import Decider, DeciderKind, Decision, Reason, Verdict
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.write import write_decisions
from moderator.storage.intake.erasure import erase
from moderator.storage.schema.tables import deliveries, queue
from moderator.usecases.moderate.dashboard import ITEMS_PER_PAGE, DashboardReads
from tests.builders import NOON, a_site, a_submission
from tests.stock import an_outcome, stock, stock_site

HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
SPAM = Finding("honeypot", Signal.SPAM, "The honeypot was filled in", "honeypot", 1.0)
CALL = "Call our certified support line, day and night."


@pytest.fixture
def look(database: Database) -> DashboardReads:
    stock_site(database)
    stock_site(database, a_site(id="other", name="Another blog"))
    return DashboardReads(DashboardRows(database))


def numbered(number: int, text: str = "", **changes: object) -> Submission:
    """The `number`-th submission: ids sort by time, as ours do."""
    at = NOON + timedelta(minutes=number)
    given: dict[str, object] = {
        "id": f"{number:032x}",
        "platform_id": str(number),
        "created_at": at,
        "received_at": at,
    }
    return a_submission(text or f"Comment number {number} is like no other.", **(given | changes))


def ids(listing: ItemPage) -> list[int]:
    return [int(line.id, 16) for line in listing.lines]


def test_alike_held_ones_are_one_line_by_their_newest_member(
    database: Database, look: DashboardReads
) -> None:
    for number, text in enumerate(["", CALL, "", CALL.upper(), ""], 1):
        stock(database, numbered(number, text), HOLD)
    found = look.tab(None, Tab.HELD)
    assert ids(found) == [5, 4, 3, 1]
    assert [line.members for line in found.lines] == [1, 2, 1, 1]
    assert found.lines[0].reason == "Words of advertising"
    assert found.lines[0].site_name == "A blog"


@pytest.mark.parametrize("window", [1, 3, ITEMS_PER_PAGE, 500])
def test_pages_are_the_same_however_few_are_looked_at_first(
    database: Database, look: DashboardReads, window: int
) -> None:
    """A few campaigns among many single ones, over several pages."""
    look = replace(look, store=DashboardRows(database, window=window))
    for number in range(1, 3 * ITEMS_PER_PAGE):
        text = f"{CALL} Number {number % 7}" if number % 2 else "Me too" if number % 4 else ""
        site = "other" if number % 5 == 0 else "blog"
        stock(database, numbered(number, text, site_id=site), HOLD)
    for scope in (None, ("blog",), ("other",)):
        seen: list[int] = []
        members, before = 0, ""
        while True:
            found = look.tab(scope, Tab.HELD, before=before)
            seen += ids(found)
            members += sum(line.members for line in found.lines)
            before = found.older
            if not before:
                break
        assert seen == sorted(set(seen), reverse=True)
        sizes = {None: 3 * ITEMS_PER_PAGE - 1, ("blog",): 60, ("other",): 14}
        assert members == sizes[scope]


def test_texts_too_short_to_mean_anything_are_not_lumped_together(
    database: Database, look: DashboardReads
) -> None:
    for number in (1, 2, 3):
        stock(database, numbered(number, "Me too"), HOLD)
    assert ids(look.tab(None, Tab.HELD)) == [3, 2, 1]


def test_the_same_text_on_two_sites_is_two_campaigns(
    database: Database, look: DashboardReads
) -> None:
    stock(database, numbered(1, CALL), HOLD)
    stock(database, numbered(2, CALL, site_id="other"), HOLD)
    assert ids(look.tab(None, Tab.HELD)) == [2, 1]
    assert ids(look.tab(("blog",), Tab.HELD)) == [1]


@pytest.mark.parametrize("shelf", [Tab.HELD, Tab.SPAM, Tab.ALL])
def test_pages_follow_each_other_without_gap_or_repeat(
    database: Database, look: DashboardReads, shelf: Tab
) -> None:
    total = 2 * ITEMS_PER_PAGE + 3
    for number in range(1, total + 1):
        site = "blog" if number % 3 else "other"
        # Some arrive in the same millisecond.
        at = NOON + timedelta(minutes=number // 4)
        submission = numbered(number, site_id=site, received_at=at)
        stock(database, submission, SPAM if shelf is Tab.SPAM else HOLD)
    seen: list[int] = []
    before = ""
    for size in (ITEMS_PER_PAGE, ITEMS_PER_PAGE, 3):
        found = look.tab(None, shelf, before=before)
        assert len(found.lines) == size
        seen += ids(found)
        before = found.older
    assert before == ""
    assert seen == list(range(total, 0, -1))


def test_each_shelf_holds_its_status_and_all_holds_everything(
    database: Database, look: DashboardReads
) -> None:
    redundant = Finding("self_ping", Signal.REDUNDANT, "The blog links to itself")
    for number, findings in enumerate([(), (HOLD,), (SPAM,), (redundant,)], 1):
        stock(database, numbered(number), *findings)
    tabs = (Tab.APPROVED, Tab.HELD, Tab.SPAM, Tab.DISCARDED)
    assert [ids(look.tab(None, shelf)) for shelf in tabs] == [[1], [2], [3], [4]]
    assert ids(look.tab(None, Tab.ALL)) == [4, 3, 2, 1]
    assert look.tab(None, Tab.DISCARDED).lines[0].reason == "The blog links to itself"
    tallies = look.around(None, now=NOON).tallies
    assert [tallies[tab] for tab in tabs] == [CappedCount(1)] * 4
    assert tallies[Tab.ALL] == CappedCount(4)


def test_many_sites_and_no_site_read_as_well(database: Database, look: DashboardReads) -> None:
    sites = [f"site-{number}" for number in range(60)]
    for number, name in enumerate(sites, 1):
        stock_site(database, a_site(id=name))
        stock(database, numbered(number, site_id=name))
    assert ids(look.tab(None, Tab.ALL)) == list(range(60, 60 - ITEMS_PER_PAGE, -1))
    assert look.tab((), Tab.ALL) == ItemPage(())
    assert look.tab((), Tab.HELD) == ItemPage(())
    assert look.log(()).entries == ()
    assert look.around((), now=NOON).tallies[Tab.ALL] == CappedCount(0)


@pytest.mark.parametrize("before", ["x", "1", "1.", "99999999999999999999.a", "\x00", "1.\x00"])
def test_a_place_that_is_none_is_not_found(look: DashboardReads, before: str) -> None:
    with pytest.raises(NotFoundError):
        look.tab(None, Tab.SPAM, before=before)
    with pytest.raises(NotFoundError):
        look.log(None, before=before)


def test_a_submission_comes_with_everything_around_it(
    database: Database, look: DashboardReads
) -> None:
    alice = Author(name="Alice", email="alice@example.org")
    first = stock(database, numbered(1, author=alice), HOLD)
    copy = Finding("duplicate", Signal.REDUNDANT, "A copy", "d", 0, {"duplicate_of": first.id})
    stock(database, numbered(2, author=Author(name="Mirror")), copy)
    stock(database, numbered(3, first.text, author=Author(name="Bob")), HOLD)
    stock(database, numbered(4, author=alice))
    found = look.submission(("blog",), first.id)
    assert [int(line.id, 16) for line in found.copies] == [2]
    assert [int(line.id, 16) for line in found.alike] == [3]
    assert [int(line.id, 16) for line in found.by_author] == [4]
    assert found.author_tallies == {"approved": 1}
    [judgement] = found.judgements
    assert judgement.findings == (HOLD,)
    assert judgement.recorded.decision.reasons[0].contribution == 0.5
    assert judgement.sendings[0].state is DeliveryState.WAITING
    copied = look.submission(None, numbered(2).id)
    assert copied.original is not None
    assert copied.original.id == first.id


def test_judgements_come_newest_first_with_their_own_callbacks(
    database: Database, look: DashboardReads
) -> None:
    submission = stock(database, numbered(1), HOLD)
    person = Decider(DeciderKind.MODERATOR, "1", "anna")
    decision = Decision(Verdict.APPROVE, person, (Reason("moderator", "anna decided"),))
    with database.write() as connection:
        write_decisions(connection, [an_outcome(submission, (), decision, sequence=2)])
        connection.execute(
            update(deliveries)
            .where(deliveries.c.decision_id == f"{submission.id}-1")
            .values(state="refused", tries=1, last_status=409, last_error="changed by a person")
        )
    found = look.submission(None, submission.id)
    assert found.sequence == 2
    assert [j.recorded.sequence for j in found.judgements] == [2, 1]
    assert [j.sendings[0].state.value for j in found.judgements] == ["waiting", "refused"]
    assert [entry.judgement for entry in look.log(None).entries] == list(found.judgements)


def test_what_is_outside_the_scope_is_not_there(database: Database, look: DashboardReads) -> None:
    stock(database, numbered(1), HOLD)
    stock(database, numbered(2, site_id="other"), HOLD)
    for scope, foreign in ((("blog",), 2), (("other",), 1), ((), 1)):
        with pytest.raises(NotFoundError):
            look.submission(scope, numbered(foreign).id)
    assert [entry.line.site_id for entry in look.log(("other",)).entries] == ["other"]
    assert ids(look.tab(("other",), Tab.ALL)) == [2]
    assert look.around(("other",), now=NOON).tallies[Tab.ALL] == CappedCount(1)


def test_an_erased_submission_is_shown_as_erased(database: Database, look: DashboardReads) -> None:
    submission = stock(database, numbered(1), SPAM)
    with database.write() as connection:
        erase(connection, submission.id, 1)
    [line] = look.tab(None, Tab.ALL).lines
    assert (line.status, line.submission) == ("erased", None)
    assert look.submission(None, submission.id).line.submission is None


def test_an_empty_queue_says_what_happened_in_the_last_day(
    database: Database, look: DashboardReads
) -> None:
    stock(database, numbered(1), SPAM)
    stock(database, numbered(2))
    around = look.around(None, now=NOON + timedelta(hours=1))
    assert around.today == {"spam": 1, "approve": 1}
    assert look.around(None, now=NOON + timedelta(hours=25)).today == {}
    assert look.around(("other",), now=NOON + timedelta(hours=1)).today == {}


@pytest.mark.parametrize("job", list(Job))
def test_silence_is_work_that_was_due_two_minutes_ago(
    database: Database, look: DashboardReads, job: Job
) -> None:
    with database.write() as connection:
        row = {"job": job.value, "subject_id": "s1", "site_id": "blog", "due_at": to_ms(NOON)}
        connection.execute(insert(queue).values(row))
    soon, late = NOON + timedelta(minutes=1), NOON + timedelta(minutes=3)
    assert look.around(None, now=soon).silent_since is None
    assert look.around(None, now=late).silent_since == NOON


def test_a_callback_that_waits_for_an_earlier_one_is_no_silence(
    database: Database, look: DashboardReads
) -> None:
    later = NOON + timedelta(hours=5)
    with database.write() as connection:
        for subject, due in (("first", later), ("second", NOON)):
            row = {"job": "deliver", "subject_id": subject, "lane": "s1", "due_at": to_ms(due)}
            connection.execute(insert(queue).values(row))
    assert look.around(None, now=NOON + timedelta(minutes=3)).silent_since is None
