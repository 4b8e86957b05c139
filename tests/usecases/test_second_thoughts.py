"""A person decides, and decides again before the grace period is over: the blog hears the last."""

import pytest

from moderator.domain.queue import Job
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.house import Blog, House
from tests.usecases.pressing import GRACE, Desk, a_desk, comment

ID = comment(1).id


@pytest.fixture
def desk(database: Database) -> Desk:
    return a_desk(database)


def waiting(house: House) -> int:
    """How many callbacks wait, whenever they are due."""
    return len(house.rows("SELECT subject_id FROM queue WHERE job = 'deliver'"))


def test_approved_then_spam_is_one_callback_and_one_lesson(desk: Desk) -> None:
    desk.house.moderate(ID, Verdict.APPROVE, seen=1, grace=GRACE)
    desk.house.moderate(ID, Verdict.SPAM, seen=2, grace=GRACE)
    assert waiting(desk.house) == 1
    assert desk.sent() == [("1", "spam")]
    layer, _ = desk.house.learn().load("blog")
    assert layer.lessons == 1
    assert desk.sent() == []


def test_spam_then_back_to_held_is_nothing_at_all(desk: Desk) -> None:
    desk.house.moderate(ID, Verdict.SPAM, seen=1, grace=GRACE)
    desk.house.undo(ID, seen=2, grace=GRACE)
    assert waiting(desk.house) == 0
    desk.house.hurry(Job.TRAIN_SITE_MODEL)
    layer, _ = desk.house.learn().load("blog")
    assert (desk.sent(), layer.lessons) == ([], 0)


def test_a_callback_names_as_before_what_the_blog_heard_last(desk: Desk) -> None:
    desk.house.moderate(ID, Verdict.APPROVE, seen=1)
    desk.sent()
    desk.house.moderate(ID, Verdict.SPAM, seen=2, grace=GRACE)
    desk.house.moderate(ID, Verdict.DISCARD, seen=3, grace=GRACE)
    desk.house.hurry(Job.DELIVER)
    blog = Blog()
    while desk.house.deliver(blog):
        pass
    [heard] = blog.got
    assert (heard["status"], heard["previous_status"]) == ("trash", "approved")
