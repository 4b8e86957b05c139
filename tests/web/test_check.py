"""POST /v1/check: the answer of /v1/submissions with the verdict in it, if that is soon."""

import json

import pytest
from werkzeug.test import TestResponse

from moderator.storage.base.database import Database
from tests.web.asking import Street
from tests.web.lab import an_event

PATH = "/v1/check"
TRAP = {"honeypot": {"name": "url2", "value": "http://bot.example/"}}


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


def ask(street: Street, query: str = "", **parts: object) -> TestResponse:
    event = an_event("asked", **({"platform_id": "1"} | parts))  # type: ignore[arg-type]  # an id
    return send(street, event, query)


def send(street: Street, event: dict[str, object], query: str = "") -> TestResponse:
    return (
        street.app()
        .test_client()
        .post(
            f"{PATH}{query}",
            data=json.dumps(event).encode(),
            content_type="application/json",
            headers={"Authorization": "Bearer mod_asked"},
        )
    )


def test_the_verdict_is_the_answer(street: Street) -> None:
    answer = ask(street, request=TRAP)
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["status"], told["final"], told["score"] >= 0.9) == ("spam", True, True)
    assert told["reasons"][0]["code"] == "honeypot_filled"
    assert told["thresholds"] == {"hold": 0.4, "spam": 0.9}
    assert street.house.status(told["id"]) == "spam"


def test_the_same_again_is_answered_the_same(street: Street) -> None:
    first, again = ask(street), ask(street)
    assert first.get_json() == again.get_json()
    assert len(street.statuses()) == 1


def test_what_is_known_in_other_words_contradicts(street: Street) -> None:
    key = {"Idempotency-Key": "k"}
    client = street.app().test_client()
    bodies = [json.dumps(an_event("asked", ref=ref)).encode() for ref in ("a", "b")]
    given = {"Authorization": "Bearer mod_asked"} | key
    answers = [
        client.post(PATH, data=body, content_type="application/json", headers=given)
        for body in bodies
    ]
    assert [answer.status_code for answer in answers] == [200, 409]


def test_an_edit_is_judged_anew(street: Street) -> None:
    ask(street)
    edited = an_event("asked", request=TRAP)
    edited["type"] = "comment.updated"
    edited["timestamp"] = "2026-03-04T13:00:00Z"
    edited["data"]["comment"]["content"]["raw"] = "Now it says this."  # type: ignore[index]  # an object
    assert send(street, edited).get_json()["status"] == "spam"


def test_what_is_not_decided_in_time_is_a_hold_that_is_not_final(database: Database) -> None:
    street = Street(database, is_late=True)
    told = ask(street, "?wait_ms=100").get_json()
    assert (told["status"], told["final"]) == ("hold", False)
    assert street.statuses() == [("queued", "")]


def test_what_is_only_tried_leaves_nothing_behind(street: Street) -> None:
    told = ask(street, "?dry=true", request=TRAP).get_json()
    assert (told["status"], told["final"], told["dry"]) == ("spam", True, True)
    assert "id" not in told
    for table in ("submissions", "decisions", "queue", "intake_keys", "deliveries"):
        assert street.house.rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


def test_where_nothing_can_be_tried_it_is_a_hold(street: Street) -> None:
    street.trials.is_down = True
    assert ask(street, "?dry=1").get_json() == {"dry": True, "status": "hold", "final": False}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?wait_ms=99", "/wait_ms"),
        ("?wait_ms=10001", "/wait_ms"),
        ("?wait_ms=-1", "/wait_ms"),
        ("?wait_ms=1e3", "/wait_ms"),
        ("?wait_ms=", "/wait_ms"),
        ("?wait_ms=" + "9" * 5_000, "/wait_ms"),
        ("?dry=maybe", "/dry"),
    ],
)
def test_an_odd_question_is_refused(street: Street, query: str, pointer: str) -> None:
    answer = ask(street, query)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == pointer
    assert street.statuses() == []


@pytest.mark.parametrize("kind", ["comment.deleted", "comment.reported", "comment.status_changed"])
def test_only_what_is_new_can_be_asked_about(street: Street, kind: str) -> None:
    event = an_event("asked")
    event["type"] = kind
    event["data"]["comment"]["status"] = "spam"  # type: ignore[index]  # an object
    assert send(street, event).status_code == 422


def test_who_is_asking_must_be_known(street: Street) -> None:
    client = street.app().test_client()
    assert client.post(PATH, data=b"{}", content_type="application/json").status_code == 401
    assert client.get(PATH).status_code == 405
