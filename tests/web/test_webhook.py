import json
from datetime import timedelta

import pytest

from moderator import signing
from moderator.domain.queue import Job
from moderator.intake.webhook.events import BODY_LIMIT
from moderator.web.limits import RateLimit
from tests.builders import NOON, a_site
from tests.web.lab import URL, Lab, a_secret, an_event


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_a_good_comment_is_stored_answered_and_hinted(lab: Lab) -> None:
    answer = lab.post(an_event())
    [stored] = lab.store.arrivals
    assert answer.status_code == 202
    assert answer.json == {"id": stored.submission.id, "status": "queued"}
    assert lab.hints.sent == [Job.CHECK_LOCAL]


def test_a_repeat_gets_the_same_id_and_no_second_hint(lab: Lab) -> None:
    first, second = lab.post(an_event()), lab.post(an_event())
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json == second.json
    assert len(lab.store.arrivals) == 1
    assert lab.hints.sent == [Job.CHECK_LOCAL]


def test_the_same_key_for_another_comment_is_a_conflict(lab: Lab) -> None:
    lab.post(an_event(), Idempotency_Key="k1")
    answer = lab.post(an_event(platform_id="2"), Idempotency_Key="k1")
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("key", ["", "k" * 256, "a\x01b", "\xe9"])
def test_an_idempotency_key_is_short_and_printable(lab: Lab, key: str) -> None:
    answer = lab.post(an_event(), Idempotency_Key=key)
    assert answer.status_code == 400
    assert not lab.store.arrivals


def test_without_a_credential_nothing_is_stored(lab: Lab) -> None:
    answer = lab.app().test_client().post(URL, json=an_event())
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not lab.store.arrivals


@pytest.mark.parametrize(
    "header",
    ["Bearer nope", "Bearer \xff\xfe", "Basic YTpi", "Bearer", "", "Bearer " + "a" * 9_000],
)
def test_a_wrong_key_is_refused(lab: Lab, header: str) -> None:
    assert lab.post(an_event(), Authorization=header).status_code == 401


def test_a_key_is_only_good_for_its_own_site(lab: Lab) -> None:
    answer = lab.post(an_event(site="other"), site="blog")
    assert answer.status_code == 403
    assert not lab.store.arrivals


def test_a_signature_names_its_site_in_a_header(lab: Lab) -> None:
    body = json.dumps(an_event()).encode()
    signed = signing.sign("msg-1", body, secrets=[a_secret("blog")], now=NOON)
    answer = lab.post_signed(body, signed, X_Site_Id="blog")
    assert answer.status_code == 202
    assert lab.store.arrivals[0].key == "msg-1"


def test_without_the_header_the_body_names_the_site(lab: Lab) -> None:
    body = json.dumps(an_event()).encode()
    signed = signing.sign("msg-1", body, secrets=[a_secret("blog")], now=NOON)
    assert lab.post_signed(body, signed).status_code == 202


def test_a_signature_of_another_site_is_refused(lab: Lab) -> None:
    body = json.dumps(an_event(site="other")).encode()
    signed = signing.sign("msg-1", body, secrets=[a_secret("blog")], now=NOON)
    assert lab.post_signed(body, signed).status_code == 401
    assert lab.post_signed(body, signed, X_Site_Id="other").status_code == 401
    assert lab.post_signed(body, signed, X_Site_Id="blog").status_code == 403
    assert lab.post_signed(body, signed, X_Site_Id="nobody").status_code == 401
    assert not lab.store.arrivals


def test_a_rotated_secret_is_good_until_it_expires(lab: Lab) -> None:
    old = a_secret("old", expires_at=NOON + timedelta(hours=1))
    lab.add_site(a_site(id="rotating", secrets=(a_secret("new"), old)))
    body = json.dumps(an_event(site="rotating")).encode()
    signed = signing.sign("msg-1", body, secrets=[a_secret("old")], now=NOON)
    assert lab.post_signed(body, signed).status_code == 202
    lab.now = NOON + timedelta(hours=1)
    late = signing.sign("msg-2", body, secrets=[a_secret("old")], now=lab.now)
    assert lab.post_signed(body, late).status_code == 401


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 202),
        ('APPLICATION/JSON ; charset="UTF-8"', 202),
        ("application/json;charset=utf-8", 202),
        ("application/json; charset=utf-16", 415),
        ("application/json, text/html", 415),
        ("text/plain", 415),
        ("", 415),
        ("\xff", 415),
    ],
)
def test_only_json_in_utf8_is_taken(lab: Lab, content_type: str, status: int) -> None:
    answer = (
        lab.app()
        .test_client()
        .post(
            URL,
            data=json.dumps(an_event()),
            headers={"Authorization": f"Bearer {lab.keys['blog']}"},
            content_type=content_type,
        )
    )
    assert answer.status_code == status


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, identity", ""])
def test_a_coded_body_is_refused(lab: Lab, coding: str) -> None:
    assert lab.post(an_event(), Content_Encoding=coding).status_code == 415
    assert lab.post(an_event(), Content_Encoding="Identity").status_code == 202


def test_a_signed_bulk_says_in_a_header_whose_it_is(lab: Lab) -> None:
    body = json.dumps({"events": [an_event()]}).encode()
    signed = signing.sign("msg-1", body, secrets=[a_secret("blog")], now=NOON)
    assert lab.post_signed(body, signed, f"{URL}/bulk").status_code == 401
    assert lab.post_signed(body, signed, f"{URL}/bulk", X_Site_Id="blog").status_code == 200


def test_a_body_over_the_limit_is_refused(lab: Lab) -> None:
    assert lab.post(b" " * (BODY_LIMIT + 1)).status_code == 413


def test_a_wrong_field_is_named_by_a_pointer(lab: Lab) -> None:
    answer = lab.post(an_event(post={"url": "http://[", "id": "x" * 300}))
    assert answer.status_code == 422
    assert answer.json is not None
    assert [wrong["pointer"] for wrong in answer.json["errors"]] == [
        "/data/post/url",
        "/data/post/id",
    ]


def test_a_full_queue_asks_to_come_back(lab: Lab) -> None:
    lab.max_waiting = 0
    answer = lab.post(an_event())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_stopped_database_asks_to_come_back(lab: Lab) -> None:
    lab.store.is_down = True
    answer = lab.post(an_event())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_stopped_redis_changes_nothing(lab: Lab) -> None:
    lab.hints.is_down = True
    assert lab.post(an_event()).status_code == 202


def test_a_site_that_asks_too_often_is_told_when_to_return(lab: Lab) -> None:
    lab.limit = RateLimit(per_second=0.5, burst=2)
    answers = [lab.post(an_event(platform_id=str(n))) for n in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].headers["Retry-After"] == "2"
    assert lab.post(an_event(site="other"), site="other").status_code == 202
    lab.now += timedelta(seconds=2)
    assert lab.post(an_event(platform_id="2")).status_code == 202


@pytest.mark.parametrize("burst", [1, 10, 49, 50, 51, 100])
def test_a_bulk_of_any_size_is_taken_in_the_time_that_it_is_told(lab: Lab, burst: int) -> None:
    lab.limit = RateLimit(per_second=3, burst=burst)
    for number in range(4):
        ids = range(50 * number, 50 * number + 50)
        bulk = {"events": [an_event(platform_id=str(n)) for n in ids]}
        answer = lab.post(bulk, f"{URL}/bulk")
        if answer.status_code == 429:
            assert answer.json is not None
            assert str(burst) in answer.json["detail"]
            lab.now += timedelta(seconds=int(answer.headers["Retry-After"]))
            answer = lab.post(bulk, f"{URL}/bulk")
        assert answer.status_code == 200
    assert (lab.now - NOON).total_seconds() >= (200 - max(burst, 50)) // 3  # on average as allowed


def test_a_bulk_larger_than_the_queue_is_taken_when_nothing_waits(lab: Lab) -> None:
    lab.max_waiting = 10
    bulk = {"events": [an_event(platform_id=str(n)) for n in range(50)]}
    lab.store.depth = 1
    assert lab.post(bulk, f"{URL}/bulk").status_code == 503
    lab.store.depth = 0
    assert lab.post(bulk, f"{URL}/bulk").status_code == 200


def test_each_event_of_a_bulk_is_answered_on_its_own(lab: Lab) -> None:
    sent = [an_event(platform_id="1"), {"type": "nope"}, an_event(platform_id="1"), 12]
    sent.append(an_event(site="other"))
    answer = lab.post({"events": sent}, f"{URL}/bulk")
    assert answer.status_code == 200
    assert answer.json is not None
    results = answer.json["results"]
    assert [result["index"] for result in results] == [0, 1, 2, 3, 4]
    assert [result["status"] for result in results] == [202, 422, 200, 400, 403]
    assert results[0]["id"] == results[2]["id"]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/type"


def test_a_bulk_sent_again_is_a_repeat(lab: Lab) -> None:
    bulk = {"events": [an_event(platform_id=str(n)) for n in range(3)]}
    first, second = (lab.post(bulk, f"{URL}/bulk", Idempotency_Key="b") for _ in range(2))
    assert first.json is not None
    assert second.json is not None
    ids = [[result["id"] for result in each["results"]] for each in (first.json, second.json)]
    assert ids[0] == ids[1]
    assert len(lab.store.arrivals) == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [({"events": []}, 422), ([], 422), ({"events": [{}] * 101}, 413), (b"{", 400)],
)
def test_a_bulk_holds_one_to_a_hundred_events(lab: Lab, body: object, status: int) -> None:
    assert lab.post(body, f"{URL}/bulk").status_code == status


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD"])
def test_other_methods_are_refused_with_what_is_allowed(lab: Lab, method: str) -> None:
    answer = lab.app().test_client().open(URL, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "path", [f"{URL}/", "/v1", "/v1/nothing", f"{URL}/../admin", "/v1//submissions", "/v1/%00"]
)
def test_unknown_paths_are_answered_in_json(lab: Lab, path: str) -> None:
    answer = lab.post(an_event(), path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_an_unforeseen_error_tells_nothing(lab: Lab) -> None:
    lab.store.is_broken = True
    answer = lab.post(an_event())
    assert answer.status_code == 500
    assert answer.json == {"type": "about:blank", "title": "Internal Server Error", "status": 500}


def test_an_answer_may_not_be_stored_or_framed(lab: Lab) -> None:
    headers = lab.post(an_event()).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_live_process_says_so(lab: Lab) -> None:
    assert lab.app().test_client().get("/healthz").json == {"status": "ok"}


def test_ready_tells_of_silent_workers_and_fails_without_a_database(lab: Lab) -> None:
    client = lab.app().test_client()
    silence, sign = NOON - timedelta(minutes=3), NOON - timedelta(minutes=1)
    for seen, workers, silent in (
        ({}, "silent", []),
        ({"web": sign}, "silent", []),
        ({"web": sign, "worker": silence, "sweeper": silence}, "silent", ["sweeper", "worker"]),
        ({"worker": silence, "sweeper": sign}, "ok", ["worker"]),
        ({"worker": sign, "sweeper": sign}, "ok", []),
    ):
        lab.pulse.seen = seen
        told = {"database": "ok", "workers": workers, "silent": silent}
        assert client.get("/readyz").json == told
    lab.pulse.is_down = True
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "database": "down",
        "cause": "silent",
        "detail": "The database does not answer",
    }
