"""A WordPress that is away, or refuses, costs its own polls and nothing else."""

from datetime import timedelta

import pytest

from moderator.storage.base.times import to_ms
from moderator.usecases.wordpress.poll import LONGEST_WAIT
from tests.builders import a_submission
from tests.house import BLOG
from tests.usecases.polling import PolledHouse
from tests.wordpress import FakeWordPress

TEXT = "The bridge was finished in 1911, my grandfather wrote about it in his letters."


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((401, "invalid_username"), "does not take the user and the application password"),
        ((403, "rest_forbidden_context"), "this user may not moderate comments"),
        ((404, "rest_no_route"), "there is no REST API of WordPress"),
        ((500, "<script>"), "the blog answered 500"),
    ],
)
def test_a_blog_that_refuses_is_asked_later_and_later(
    house: PolledHouse, blog: FakeWordPress, refusal: tuple[int, str], words: str
) -> None:
    blog.comment(TEXT)
    blog.refusal = refusal
    waits = []
    for _ in range(10):
        house.poll()
        [[due]] = house.rows("SELECT due_at FROM queue WHERE job = 'poll'")
        waits.append(round((int(str(due)) - to_ms(house.queue.now())) / 60_000))
    assert waits == [1, 2, 4, 8, 16, 32, *[LONGEST_WAIT // timedelta(minutes=1)] * 4]
    assert words in house.error()
    assert "script" not in house.error()
    blog.refusal = None
    house.poll()
    assert house.error() == ""
    assert len(house.known()) == 1
    assert house.rows("SELECT attempts FROM queue WHERE job = 'poll'") == [(0,)]


def test_no_room_here_is_told_and_nothing_is_lost(house: PolledHouse, blog: FakeWordPress) -> None:
    blog.comment(TEXT)
    house.room = 0
    house.send(a_submission(platform_id="50"))
    house.poll()
    assert "waiting" in house.error()
    house.room = 1000
    house.poll()
    assert len(house.known()) == 2


def test_verdicts_given_up_while_it_was_away_arrive_when_it_is_back(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    id_ = blog.comment(TEXT)
    house.poll()
    blog.is_away = True
    house.check()
    house.tell(schedule=())
    assert house.rows("SELECT state FROM deliveries") == [("dead",)]
    house.poll()
    blog.is_away = False
    house.poll()
    house.tell()
    assert blog.status(id_) == "approved"


def test_a_site_that_is_not_polled_any_more_has_no_row(house: PolledHouse) -> None:
    house.polls.disconnect("blog")
    assert house.rows("SELECT count(*) FROM queue WHERE job = 'poll'") == [(0,)]
    assert house.rows("SELECT count(*) FROM wordpress_blogs") == [(0,)]


def test_a_process_that_has_not_heard_of_the_site_yet_ends_nothing(
    house: PolledHouse, blog: FakeWordPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    blog.comment(TEXT)
    with monkeypatch.context() as patched:
        patched.setattr(house.sites, "get", lambda _id: BLOG)
        house.poll()
    assert "not known here yet" in house.error()
    house.poll()
    assert (len(house.known()), house.error()) == (1, "")
