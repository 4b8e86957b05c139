"""A WordPress with nothing of ours: its comments come in, and what people do there is learned."""

from datetime import timedelta

from moderator.domain.verdict import Verdict
from moderator.platforms.wordpress_rest.requests import PAGE
from moderator.storage.base.times import to_ms
from moderator.usecases.wordpress.round import MOST_GONE, PAGES, WATCHED
from tests.usecases.polling import PolledHouse
from tests.wordpress import FakeWordPress

HONEST = "The bridge was finished in 1911, my grandfather wrote about it in his letters."


def test_a_held_comment_is_taken_in_with_what_the_blog_knows(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    first = blog.comment(HONEST)
    reply = blog.comment("Mine too.", parent=first, author_ip="", author=3)
    house.poll()
    assert house.known() == {str(first): "queued", str(reply): "queued"}
    read = house.payload(first)
    assert read["author"] | {"url": ""} == {  # type: ignore[operator]  # an object
        "name": "Ana O'Neill", "email": "ana@reader.example", "ip": "192.0.2.10", "url": "",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64)", "id": "", "role": "", "provider": "",
        "is_authenticated": False, "trusted": False, "email_key": "", "ip_key": "",
    }  # fmt: skip
    post = read["post"]
    assert isinstance(post, dict)
    assert post["url"] == "https://blog.example.org/2026/03/the-river"
    assert (post["title"], post["tags"]) == ("The river & I", ["rivers", "R&B"])
    assert (read["content"], read["kind"], read["status"]) == (HONEST, "comment", "hold")
    assert (house.payload(reply)["kind"], house.payload(reply)["parent_id"]) == (
        "reply", str(first),
    )  # fmt: skip


def test_a_pingback_is_a_linkback_with_its_source(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.pingback("https://other.example.org/a?x=1&amp;y=2", "[&#8230;] so well [&#8230;]")
    house.poll()
    read = house.payload(id_)
    linkback = read["linkback"]
    assert isinstance(linkback, dict)
    assert linkback["source"] == "https://other.example.org/a?x=1&y=2"
    assert linkback["target"] == "https://blog.example.org/2026/03/the-river"
    assert (linkback["source_title"], linkback["excerpt"]) == (
        "A page elsewhere",
        "[…] so well […]",
    )


def test_what_the_blogs_people_note_for_each_other_is_left_alone(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    blog.comment("Ship it tomorrow.", type="order_note")
    blog.comment("Look at this paragraph again.", type="note")
    house.poll()
    assert house.known() == {}


def test_a_second_look_takes_nothing_in_twice(house: PolledHouse, blog: FakeWordPress) -> None:
    blog.comment(HONEST)
    house.poll()
    asked = "SELECT id, received_at, content_version FROM submissions"
    before = house.rows(asked)
    house.poll()
    assert house.rows(asked) == before


def test_one_that_cannot_be_read_costs_nobody_else(house: PolledHouse, blog: FakeWordPress) -> None:
    blog.comment("   ")
    blog.comment("x", content={"raw": 5})
    blog.comment("a\0b")
    honest = blog.comment(HONEST)
    house.poll()
    assert set(house.known()) == {str(honest), str(honest - 1)}
    assert house.error() == ""


def test_an_edit_of_what_waits_is_judged_anew(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment("Buy cheap pills at https://pills.example.net/ now", author_url="")
    house.poll()
    house.check()  # approved by nobody's objection; the blog does not hear of it
    blog.rows[id_]["content"] = {"raw": HONEST}
    house.poll()
    [[version, status]] = house.rows("SELECT content_version, status FROM submissions")
    assert (version, status) == (2, "queued")


def test_more_than_a_page_is_read_while_there_is_something_new(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    many = 3 * PAGE + 5
    for number in range(many):
        blog.comment(f"{HONEST} {number}")
    house.poll()
    assert len(house.known()) == many


def test_what_a_round_had_no_room_for_is_read_by_the_next(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    many = PAGES * PAGE + 3 * PAGE
    for number in range(many):
        blog.comment(f"{HONEST} {number}")
    house.poll()
    assert len(house.known()) == PAGES * PAGE
    house.poll()
    assert len(house.known()) == many


def test_what_was_missed_among_much_that_waits_is_found(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    for number in range(4 * PAGE):
        blog.comment(f"{HONEST} {number}")
    house.poll()
    with house.database.write() as connection:  # as after a restored backup
        for table in ("queue", "submissions"):
            name = "subject_id" if table == "queue" else "id"
            connection.exec_driver_sql(
                f"DELETE FROM {table} WHERE {name} IN"  # noqa: S608
                " (SELECT id FROM submissions WHERE platform_id = '110')"
            )
    rounds = 0
    while "110" not in house.known():
        house.poll()
        rounds += 1
        assert rounds <= 4


def test_a_decision_of_a_person_there_is_theirs_from_then_on(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    approved, spam = blog.comment(HONEST), blog.comment(f"{HONEST} Also in 1912.")
    house.poll()
    house.check()  # approved, both
    house.moderate(house.id_of(approved), Verdict.HOLD, seen=1)
    house.tell()
    assert (blog.status(approved), blog.status(spam)) == ("hold", "approved")
    blog.rows[approved]["status"], blog.rows[spam]["status"] = "approved", "spam"
    house.poll()
    assert house.known() == {str(approved): "approved", str(spam): "spam"}
    assert house.deciders(approved) == ["rule", "moderator", "blog"]
    assert house.deciders(spam) == ["rule", "blog"]
    assert house.rows("SELECT count(*) FROM queue WHERE job = 'learn'") == [(2,)]
    house.poll()
    assert house.deciders(spam) == ["rule", "blog"]


def test_our_own_status_there_is_no_persons_decision(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    id_ = blog.comment(HONEST)
    house.poll()
    house.check()
    blog.rows[id_]["status"] = "approved"  # set, but the answer was lost: the callback still waits
    house.poll()
    house.tell(schedule=())
    house.poll()
    assert house.deciders(id_) == ["rule"]


def test_what_is_deleted_for_good_is_forgotten(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment(HONEST)
    house.poll()
    house.judge()
    del blog.rows[id_]
    house.poll()
    assert house.known() == {str(id_): "erased"}


def test_what_a_list_lacks_is_not_forgotten(house: PolledHouse, blog: FakeWordPress) -> None:
    id_ = blog.comment(HONEST)
    house.poll()
    house.judge()
    blog.hides.add(id_)
    house.poll()
    assert house.known() == {str(id_): "approved"}


def test_much_that_is_gone_is_forgotten_over_several_rounds(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    for number in range(MOST_GONE + 5):
        blog.comment(f"{HONEST} {number}")
    house.poll()
    house.judge()
    blog.rows.clear()
    house.poll()
    assert list(house.known().values()).count("erased") == MOST_GONE
    house.poll()
    assert set(house.known().values()) == {"erased"}


def test_a_comment_whose_post_is_in_the_bin_keeps_its_verdict(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    id_ = blog.comment(HONEST)
    house.poll()
    house.judge()
    blog.rows[id_]["status"] = "post-trashed"
    house.poll()
    assert house.deciders(id_) == ["rule"]


def test_what_is_old_is_not_looked_at_unless_it_waits(
    house: PolledHouse, blog: FakeWordPress
) -> None:
    old, waits = blog.comment(HONEST), blog.comment(f"{HONEST} Again.")
    house.poll()
    house.check()
    house.moderate(house.id_of(waits), Verdict.HOLD, seen=1)
    house.tell()
    long_ago = house.queue.now() - WATCHED - timedelta(days=1)
    with house.database.write() as connection:
        for table, column in (("decisions", "submission_id"), ("deliveries", "submission_id")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} <> ''")  # noqa: S608
        for comment in (old, waits):
            connection.exec_driver_sql(
                f"UPDATE submissions SET id = '{to_ms(long_ago):012x}{comment:020d}'"  # noqa: S608
                f" WHERE platform_id = '{comment}'"
            )
    blog.rows[old]["status"] = blog.rows[waits]["status"] = "spam"
    house.poll()
    assert house.known() == {str(old): "approved", str(waits): "spam"}
