"""A real WordPress with nothing of ours on it, and the real service that polls it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from integrations.wordpress.e2e.blogs import PORT, Blog, Json, Lab, wait_for
from integrations.wordpress.e2e.golden import Stage
from integrations.wordpress.e2e.golden_rest import bare_service, bare_stage

# What one test calls spam must not be alike to what another sends.
TEXTS = iter(
    (
        "My aunt worked the lock in 1954 and kept the tide tables in a biscuit tin until she died.",
        "The second gate was rebuilt in oak after the flood; the hinges are still the old ones.",
        "Could you ask the archive for the toll book? Ours ends in the spring of the great frost.",
        "We rowed past the keeper's garden every Sunday, and he always waved with his pipe.",
        "I think the photograph is older: the chimney in the background fell down in a storm.",
        "Thank you for printing the song. My choir sings it faster, and without the last verse.",
    )
)
SPAM = (
    "Cheap pills without prescription at https://cheap-pills-24.example.net/buy and casino bonus "
    "https://casino-royal-win.example.net/ best price buy now viagra cialis"
)


@pytest.fixture(scope="module")
def stage(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    service = bare_service(Path(tmp_path_factory.mktemp("service")))
    try:
        service.start()
        yield bare_stage(lab, service, service.moderator(), "bare")
    finally:
        service.stop()
        lab.ask("a", "e2e_dressed")


@pytest.fixture
def post(stage: Stage) -> int:
    return stage.blog.new_post("The tide tables of the lock")[0]


def only(blog: Blog, post_id: int) -> int:
    [comment_id] = blog.statuses(post_id)
    return comment_id


def decided(stage: Stage, comment_id: int) -> dict[str, Json] | None:
    try:
        view = stage.view(comment_id)
    except httpx.HTTPStatusError:
        return None
    return None if view["status"] == "queued" else view


def test_an_honest_comment_is_approved_and_nothing_else_of_it_changed(
    stage: Stage, post: int
) -> None:
    stage.blog.comment(post, next(TEXTS), author="Zoë O'Neill & Söhne", email="zoe@reader.example")
    before = stage.blog.ask("e2e_traces", post)
    assert list(stage.blog.statuses(post).values()) == ["unapproved"]
    wait_for(lambda: list(stage.blog.statuses(post).values()) == ["approved"], "a verdict")
    assert stage.blog.ask("e2e_traces", post) == before
    view = stage.view(only(stage.blog, post))
    assert view["decisions"][-1]["decision"]["verdict"] == "approve"


@pytest.mark.parametrize("address", ["", "192.0.2.7, 10.0.0.1"])
def test_a_comment_with_an_odd_address_gets_its_status_too(
    stage: Stage, post: int, address: str
) -> None:
    stage.service.command("site", "wordpress", "bare", "--off")
    stage.blog.comment(post, next(TEXTS), email=f"a{post}@reader.example")
    comment_id = only(stage.blog, post)
    odd = {"comment_author_IP": address, "comment_agent": "odd  <agent> %41"}
    stage.blog.ask("e2e_set", comment_id, odd)
    before = stage.blog.ask("e2e_traces", post)
    bare_again(stage)
    wait_for(lambda: list(stage.blog.statuses(post).values()) == ["approved"], "a verdict")
    assert stage.blog.ask("e2e_traces", post) == before


def bare_again(stage: Stage) -> None:
    password = str(stage.blog.ask("e2e_bare"))
    printed = stage.service.poll("bare", "admin", password)
    assert "is polled as admin" in printed
    assert password not in printed


def test_spam_goes_where_wordpress_keeps_it_and_can_be_taken_back(stage: Stage, post: int) -> None:
    stage.service.command("site", "lists", "bare", "--deny", "cheap-pills-24.example.net")
    stage.blog.comment(post, SPAM, author="Buy pills", email=f"b{post}@reader.example")
    wait_for(lambda: list(stage.blog.statuses(post).values()) == ["spam"], "a verdict")
    comment_id = only(stage.blog, post)
    assert stage.blog.ask("wp_unspam_comment", comment_id)  # as it was: on hold
    stage.blog.ask("wp_set_comment_status", comment_id, "approve")
    wait_for(lambda: stage.view(comment_id)["status"] == "approved", "what a person did there")
    last = stage.view(comment_id)["decisions"][-1]["decision"]
    assert last["decided_by"]["kind"] == "blog"
    assert list(stage.blog.statuses(post).values()) == ["approved"]


def test_who_decides_there_first_has_decided(stage: Stage, post: int) -> None:
    stage.service.command("site", "wordpress", "bare", "--off")
    stage.blog.comment(post, next(TEXTS), email=f"c{post}@reader.example")
    comment_id = only(stage.blog, post)
    bare_again(stage)
    wait_for(lambda: decided(stage, comment_id), "it is known")
    stage.blog.ask("wp_spam_comment", comment_id)
    wait_for(
        lambda: stage.view(comment_id)["decisions"][-1]["decision"]["decided_by"]["kind"] == "blog",
        "what a person did there",
    )
    assert list(stage.blog.statuses(post).values()) == ["spam"]


def test_what_is_deleted_for_good_is_forgotten(stage: Stage, post: int) -> None:
    stage.blog.comment(post, next(TEXTS), email=f"d{post}@reader.example")
    comment_id = only(stage.blog, post)
    wait_for(lambda: decided(stage, comment_id), "a verdict")
    stage.blog.ask("wp_delete_comment", comment_id, 1)
    wait_for(lambda: stage.view(comment_id)["status"] == "erased", "that it is gone")


def test_the_doctor_says_when_it_was_polled(stage: Stage, post: int) -> None:
    stage.blog.comment(post, next(TEXTS), email=f"e{post}@reader.example")
    wait_for(lambda: list(stage.blog.statuses(post).values()) == ["approved"], "a verdict")
    assert "bare: last polled" in stage.service.command("doctor")


def test_a_user_who_may_not_moderate_is_refused(stage: Stage) -> None:
    reader = str(stage.blog.ask("e2e_reader", "reader", "a reader's own password"))
    with pytest.raises(RuntimeError, match="may not moderate comments"):
        stage.service.poll("bare", "reader", reader)
    with pytest.raises(RuntimeError, match="application password"):
        stage.service.poll("bare", "admin", "not the one")


def test_another_port_of_the_machine_is_not_asked(stage: Stage) -> None:
    with pytest.raises(RuntimeError, match="not public"):
        stage.service.command(
            "site", "wordpress", "bare", "--url", f"http://127.0.0.4:{PORT}",
            "--user", "admin", "--password-file", str(stage.service.folder / "bare.password"),
        )  # fmt: skip
