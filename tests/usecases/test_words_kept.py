"""Words follow what is said: kept with what is held, new after an edit, gone with an erasure."""

from dataclasses import dataclass, replace
from datetime import timedelta

from moderator.domain.check import Context
from moderator.domain.events.arrival import Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from tests.builders import NOON, a_submission
from tests.house import House


@dataclass(frozen=True)
class HoldsSales:
    name: str = "lists"

    def run(self, submission: Submission, context: Context) -> Finding:
        weight = 0.5 if "sale" in submission.text else 0.0
        signal = Signal.SUSPECT if weight else Signal.NEUTRAL
        return Finding(self.name, signal, "Something is for sale", "for_sale", weight)


def words(house: House, id_: str = "0001") -> set[object]:
    sql = f"SELECT word FROM search_words WHERE submission_id = '{id_}'"  # noqa: S608  # our own words
    return {row[0] for row in house.rows(sql)}


def edit(house: House, submission: Submission) -> None:
    later = {"timestamp": NOON + timedelta(hours=1), "has_content": True}
    house.send(submission, event=Event.UPDATED, **later)
    house.check(HoldsSales())


def test_what_is_held_has_words_and_what_is_let_through_has_none(database: Database) -> None:
    house = House(database)
    house.send(a_submission("A boat for sale"), a_submission("Hello", id="0002", platform_id="2"))
    house.check(HoldsSales())
    assert {"boat", "sale", "=reason:for_sale", "=kind:comment"} <= words(house)
    assert words(house, "0002") == set()


def test_after_a_decision_it_is_still_found(database: Database) -> None:
    house = House(database)
    house.send(a_submission("A boat for sale"))
    house.check(HoldsSales())
    house.moderate("0001", Verdict.SPAM, seen=1)
    assert "boat" in words(house)


def test_an_edit_has_new_words_and_the_old_text_is_kept_once(database: Database) -> None:
    house = House(database)
    first = a_submission("A boat for sale")
    house.send(first)
    house.check(HoldsSales())
    for text in ("A horse for sale", "A house for sale"):
        edit(house, replace(first, text=text, content=text, version=text))
    assert {"house", "sale"} <= words(house)
    assert words(house).isdisjoint({"boat", "horse"})
    [(earlier,)] = house.rows("SELECT earlier FROM submissions")
    assert load_submission(str(earlier)).text == "A horse for sale"


def test_an_erased_one_leaves_neither_words_nor_the_earlier_text(database: Database) -> None:
    house = House(database)
    first = a_submission("A boat for sale")
    house.send(first)
    house.check(HoldsSales())
    edit(house, replace(first, text="A horse for sale", content="A horse for sale", version="2"))
    house.send(first, event=Event.DELETED)
    assert words(house) == set()
    assert house.rows("SELECT earlier, status FROM submissions") == [("", "erased")]


def test_what_readers_reported_is_found(database: Database) -> None:
    house = House(database)
    house.send(a_submission("Quite harmless"))
    house.check(HoldsSales())
    for number in range(3):
        reported = a_submission("Quite harmless", ref=str(number))
        house.send(reported, event=Event.REPORTED, key=f"r{number}")
    assert house.rows("SELECT listed FROM submissions") == [(1,)]
    assert "harmless" in words(house)
