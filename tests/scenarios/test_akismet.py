"""A site with an Akismet key: its answer counts, its silence holds, a trap needs no second view."""

from dataclasses import replace

import pytest

from moderator.checks import LOCAL
from moderator.checks.akismet import Akismet
from moderator.clients.akismet import AkismetService
from moderator.domain.queue import Job
from moderator.domain.submission import Request, Submission
from moderator.storage.base.database import Database
from tests.akismet_server import AkismetServer, Answer
from tests.builders import NOON, a_submission
from tests.house import BLOG, NOWHERE, House

KEYED = replace(BLOG, id="keyed", akismet_key="0123456789ab")
SUSPENDED = Answer("false", headers={"X-akismet-error": "10003"})


def judged(database: Database, answer: Answer, comment: Submission) -> tuple[str, int, House]:
    """The status that the comment ends with, and how often Akismet was asked."""
    house = House(database)
    house.sites.add(KEYED, key_prefix="mod_y", key_digest="e", now=NOON)
    house.send(comment)
    house.check(*LOCAL, remote=(Akismet(),))
    with AkismetServer() as server:
        server.answer = answer
        ways = replace(NOWHERE, spam_service=AkismetService(server.url, patience=20))
        house.reach(Akismet(), ways=ways)
        return house.status(comment.id), len(server.seen), house


COMMENT = a_submission("The bridge was finished in 1911.", id="c1", site_id="keyed")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer("true"), "spam"),
        (Answer("false"), "approved"),
        (SUSPENDED, "hold"),
        (Answer("false", status=503), "hold"),
        (Answer(is_cut=True), "hold"),
    ],
)
def test_the_answer_decides_and_trouble_holds(
    database: Database, answer: Answer, status: str
) -> None:
    found, asked, house = judged(database, answer, COMMENT)
    assert (found, asked) == (status, 1)
    assert house.hints.sent == [Job.CHECK_REMOTE, Job.DELIVER]


def test_what_filled_the_honeypot_is_not_sent(database: Database) -> None:
    trapped = replace(COMMENT, request=Request(honeypot_name="x", honeypot_value="filled"))
    found, asked, _ = judged(database, Answer("false"), trapped)
    assert (found, asked) == ("spam", 0)
