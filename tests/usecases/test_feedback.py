"""A spam service is told where a person overruled it: once, and nothing else."""

import asyncio

import pytest

from moderator.bootstrap.event_log import StandardLog
from moderator.clients.akismet import AkismetService
from moderator.domain.finding import Finding, Signal
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.learning.feedback import FeedbackRows
from moderator.usecases.learn.feedback import SendFeedback
from tests.akismet_server import AkismetServer, Answer
from tests.builders import NOON, a_site, a_submission
from tests.house import House
from tests.usecases.test_judging import Says

SITE = "with-akismet"
SAID = {
    "spam": Finding("akismet", Signal.SPAM, "Akismet says: spam", "akismet_spam", weight=0.5),
    "ham": Finding("akismet", Signal.HAM, "Akismet says: not spam", "akismet_ham"),
    "nothing": Finding("akismet", Signal.UNAVAILABLE, "silence", "akismet_unknown"),
}


def house_with_key(database: Database) -> House:
    house = House(database)
    site = a_site(id=SITE, akismet_key="0123456789ab")
    house.sites.add(site, key_prefix="mod_y", key_digest="e", now=NOON)
    return house


def teach(house: House, server: AkismetServer) -> None:
    with house.database.write() as connection:
        connection.exec_driver_sql("UPDATE queue SET due_at = 0 WHERE job = 'teach'")
    learner = AkismetService(server.url)
    args = (house.queue, FeedbackRows(house.database), house.sites, learner)
    asyncio.run(SendFeedback(*args, house.new_token, StandardLog())())


def paths(server: AkismetServer) -> list[str]:
    return [path.rpartition("/")[2] for path, _, _ in server.seen]


@pytest.mark.parametrize(
    ("said", "verdict", "told"),
    [
        ("ham", Verdict.SPAM, ["submit-spam"]),
        ("nothing", Verdict.SPAM, ["submit-spam"]),
        ("spam", Verdict.APPROVE, ["submit-ham"]),
        ("spam", Verdict.SPAM, []),
        ("ham", Verdict.APPROVE, []),
        ("spam", Verdict.DISCARD, []),
        ("nothing", Verdict.DISCARD, []),
    ],
)
def test_only_a_difference_is_told(
    database: Database, said: str, verdict: Verdict, told: list[str]
) -> None:
    house = house_with_key(database)
    house.send(a_submission(site_id=SITE))
    house.check(Says(SAID[said]))
    house.moderate("0001", verdict, seen=1)
    with AkismetServer() as server:
        server.answer = Answer("Thanks for making the web a better place.")
        teach(house, server)
        teach(house, server)
        assert paths(server) == told
    assert house.rows("SELECT id FROM queue WHERE job = 'teach'") == []


def test_a_service_that_is_silent_is_told_later(database: Database) -> None:
    house = house_with_key(database)
    house.send(a_submission(site_id=SITE))
    house.check(Says(SAID["ham"]))
    house.moderate("0001", Verdict.SPAM, seen=1)
    with AkismetServer() as server:
        server.answer = Answer("busy", status=503)
        teach(house, server)
        assert house.rows("SELECT attempts FROM queue WHERE job = 'teach'") == [(1,)]
        server.answer = Answer("Thanks for making the web a better place.")
        teach(house, server)
        assert paths(server) == ["submit-spam", "submit-spam"]
    assert house.rows("SELECT id FROM queue WHERE job = 'teach'") == []


def test_a_site_without_a_key_tells_nobody(database: Database) -> None:
    house = House(database)
    house.send(a_submission())
    house.check(Says(SAID["ham"]))
    house.moderate("0001", Verdict.SPAM, seen=1)
    with AkismetServer() as server:
        teach(house, server)
        assert server.seen == []


def test_a_decision_that_was_taken_back_is_not_told(database: Database) -> None:
    house = house_with_key(database)
    house.send(a_submission(site_id=SITE))
    house.check(Says(SAID["ham"]))
    house.moderate("0001", Verdict.SPAM, seen=1)
    house.moderate("0001", Verdict.APPROVE, seen=2)
    with AkismetServer() as server:
        teach(house, server)
        assert server.seen == []
