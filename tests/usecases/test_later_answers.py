"""What an Akismet client was asked to wait for is told at its own address, and to nobody else."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import Any

from moderator.checks import LOCAL
from moderator.domain.answering.replies import guid_key
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.site import Site
from moderator.domain.submission import Request, Submission
from moderator.domain.verdict import Verdict
from moderator.storage.answering.decided import AnswerRows
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.usecases.deliver import Deliver
from tests.builders import NOON, a_submission
from tests.house import House

HOOK = "https://blog.example.org/wp-json/akismet/v1/webhook"
KEY = "abcdef123456"
NO_TRAP = Request()
TRAP = Request(honeypot_name="x", honeypot_value="http://bot.example/")


@dataclass
class Post:
    """A courier that keeps what it carried."""

    got: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        self.got.append((callback.url, json.loads(callback.body)))
        return CallbackAnswer(200)

    async def rest(self) -> None:
        return None


def a_house(database: Database) -> House:
    house = House(database)
    house.sites.add_client_key("blog", KEY, now=NOON, expires_at=NOON)
    return house


def asked(house: House, *guids: str, request: Request = NO_TRAP) -> Submission:
    said = a_submission(platform_id="akismet:1", answer_url=HOOK, request=request)
    for guid in guids:
        house.send(said, key=guid_key(guid))
    return said


def delivered(house: House) -> list[tuple[str, dict[str, object]]]:
    post = Post()
    args = (house.queue, DeliveryRows(house.database), house.sites, post)
    asyncio.run(Deliver(*args, house.new_token, lambda: 0.0, (0,))())
    return post.got


def test_a_decision_names_every_guid_and_the_key(database: Database) -> None:
    house = a_house(database)
    said = asked(house, "guid-a", "guid-b")
    house.check(*LOCAL)
    house.moderate(said.id, Verdict.SPAM, seen=1)
    told = [{"guid": guid, "result": "true"} for guid in ("guid-a", "guid-b")]
    assert delivered(house) == [(HOOK, {"key": KEY, "endpoint": "comment-check", "comments": told})]


def test_what_came_too_late_is_told_though_it_is_the_first(database: Database) -> None:
    house = a_house(database)
    said = asked(house, "guid-a", request=TRAP)
    assert AnswerRows(database).told_late(said.id)
    house.check(*LOCAL)
    assert [body["comments"] for _, body in delivered(house)] == [
        [{"guid": "guid-a", "result": "true"}]
    ]
    assert not AnswerRows(database).told_late(said.id)


def test_a_decision_that_did_not_know_that_the_blog_waits_is_made_again(
    database: Database,
) -> None:
    """The worker reads, the blog is told to wait, the worker writes."""
    house = a_house(database)
    said = asked(house, "guid-a", request=TRAP)
    answers, finish = AnswerRows(database), house.store.finish

    def finish_late(*args: Any) -> int:  # noqa: ANN401  # as they came
        answers.told_late(said.id)
        return finish(*args)

    house.store.finish = finish_late  # type: ignore[method-assign, assignment]
    house.check(*LOCAL)
    assert house.status(said.id) == "queued"
    house.store.finish = finish  # type: ignore[method-assign]  # and again
    house.check(*LOCAL)
    assert house.status(said.id) == "spam"
    assert len(delivered(house)) == 1


def test_a_hold_is_no_answer_yet(database: Database) -> None:
    house = a_house(database)
    said = asked(house, "guid-a", request=replace(TRAP, honeypot_value="Alice"))
    AnswerRows(database).told_late(said.id)
    house.check(*LOCAL)
    assert house.status(said.id) == "hold"
    assert delivered(house) == []
    house.moderate(said.id, Verdict.APPROVE, seen=1)
    assert [body["comments"] for _, body in delivered(house)] == [
        [{"guid": "guid-a", "result": "false"}]
    ]


def test_without_a_guid_or_a_key_nobody_is_told(database: Database) -> None:
    house = House(database)
    said = asked(house, "guid-a")
    house.check(*LOCAL)
    house.moderate(said.id, Verdict.SPAM, seen=1)
    assert delivered(house) == []
    assert house.rows("SELECT state FROM deliveries") == [("dead",)]
