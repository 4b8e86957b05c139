"""A verdict reaches a comment of a WordPress, and nothing else of it is touched."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderator.domain.decisions.delivery import Callback
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.databases import fresh
from tests.usecases.polling import PolledHouse
from tests.wordpress import FakeWordPress, polled_site

TEXT = "The bridge was finished in 1911, my grandfather wrote about it in his letters."
WORD = {
    Verdict.APPROVE: "approved",
    Verdict.HOLD: "hold",
    Verdict.SPAM: "spam",
    Verdict.DISCARD: "trash",
}


@pytest.fixture
def house(tmp_path: Path, blog: FakeWordPress) -> Iterator[PolledHouse]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    fresh(database)
    yield PolledHouse(database, blog)
    database.close()


def decided(house: PolledHouse, comment: int, verdict: Verdict) -> str:
    """Taken in, approved, and if need be decided by a moderator of ours; returns our id."""
    house.poll()
    house.check()
    id_ = house.id_of(comment)
    if verdict is not Verdict.APPROVE:
        house.moderate(id_, verdict, seen=1)
    return id_


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize(
    ("address", "browser"),
    [
        ("192.0.2.10", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("2001:db8::1", ""),
        ("192.0.2.10", "odd  <agent> %41"),
        ("", "Mozilla/5.0"),
        ("192.0.2.10, 10.0.0.1", ""),
        ("fe80::1%eth0", "Mozilla/5.0"),
    ],
)
def test_a_status_changes_neither_address_nor_browser(
    house: PolledHouse, blog: FakeWordPress, verdict: Verdict, address: str, browser: str
) -> None:
    id_ = blog.comment(TEXT, author_ip=address, author_user_agent=browser)
    decided(house, id_, verdict)
    house.tell()
    row = blog.rows[id_]
    assert row["status"] == WORD[verdict]
    assert (row["author_ip"], row["author_user_agent"]) == (address, browser)
    assert house.told() == [("delivered", "")]


def test_nothing_is_asked_to_change_that_is_so_already(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    id_ = blog.comment(TEXT)
    decided(house, id_, Verdict.HOLD)
    blog.asked.clear()
    house.tell()
    assert [request.body for request in blog.asked] == [b""]


def test_a_person_there_was_first(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment(TEXT)
    house.poll()
    blog.rows[id_]["status"] = "spam"
    house.judge()
    assert blog.status(id_) == "spam"
    assert house.rows("SELECT state, last_status, last_error FROM deliveries") == [
        ("refused", 409, "changed_by_human")
    ]
    house.poll()
    assert house.known() == {str(id_): "spam"}
    assert house.deciders(id_) == ["rule", "blog"]


def test_a_moderator_of_ours_may_still_decide(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment(TEXT)
    ours = decided(house, id_, Verdict.HOLD)
    house.tell()
    blog.rows[id_]["status"] = "spam"
    house.moderate(ours, Verdict.APPROVE, seen=2)
    house.tell()
    assert blog.status(id_) == "approved"


def test_a_status_that_we_set_without_hearing_so_is_no_persons(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    id_ = blog.comment(TEXT)
    ours = decided(house, id_, Verdict.APPROVE)
    data = {
        "submission_id": ours,
        "comment": {"id": str(id_), "exists": True},
        "status": "spam",
        "expected_status": "hold",
        "decided_by": {"kind": "rule"},
    }
    later = Callback("msg_2", "blog", json.dumps({"data": data}).encode(), tries=0)
    blog.rows[id_]["status"] = "approved"
    assert asyncio.run(house.setter.send(polled_site(), later)).status == 409
    blog.is_away = True
    house.tell()  # it may have arrived: nobody heard
    blog.is_away = False
    assert asyncio.run(house.setter.send(polled_site(), later)).is_taken
    assert blog.status(id_) == "spam"


def test_a_comment_that_is_gone_is_final(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment(TEXT)
    decided(house, id_, Verdict.APPROVE)
    del blog.rows[id_]
    house.tell()
    assert house.rows("SELECT state, last_status FROM deliveries") == [("refused", 404)]


@pytest.mark.parametrize(
    "refusal", [(404, "rest_no_route"), (403, "rest_cannot_edit"), (503, ""), (409, "odd")]
)
def test_what_another_than_wordpress_says_is_not_final(
    house: PolledHouse, blog: FakeWordPress, refusal: tuple[int, str]
) -> None:
    id_ = blog.comment(TEXT)
    decided(house, id_, Verdict.APPROVE)
    blog.refusal = refusal
    house.tell()
    assert house.rows("SELECT state FROM deliveries") == [("waiting",)]
    blog.refusal = None
    house.tell()
    assert blog.status(id_) == "approved"


def test_without_a_bin_nothing_is_destroyed(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment(TEXT)
    blog.has_bin = False
    decided(house, id_, Verdict.DISCARD)
    house.tell()
    assert blog.status(id_) == "hold"
    assert house.told() == [("refused", "the blog has no bin")]


def test_what_is_in_the_bin_already_is_not_deleted_for_good(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    id_ = blog.comment(TEXT, author_ip="")
    decided(house, id_, Verdict.DISCARD)
    house.tell()
    house.tell()
    assert blog.status(id_) == "trash"


def test_a_word_that_the_blog_does_not_heed_is_tried_again(
    house: PolledHouse, blog: FakeWordPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.wordpress.WORDS", {})
    id_ = blog.comment(TEXT)
    decided(house, id_, Verdict.APPROVE)
    house.tell()
    assert house.told() == [("waiting", "the blog left the comment as it was")]
