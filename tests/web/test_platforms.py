"""Platforms tell us in their own words, prove it, and are answered as they expect."""

import copy
import json
from dataclasses import replace
from hashlib import sha256
from hmac import digest

import pytest
from werkzeug.test import TestResponse

from moderator.domain.site import Secret, SignatureProfile, Site
from moderator.platforms import INBOUND
from moderator.platforms.mapping import Json, put
from moderator.signing import new_secret
from moderator.storage.base.database import Database
from moderator.web import create_app
from moderator.web.traffic import traffic
from tests.builders import NOON
from tests.platforms.ground import CORAL, NOTICE, SEEN, WALINE, WEBMENTION_IO
from tests.web.asking import ASKED, KEY, Street
from tests.web.lab import Lab, an_event

SECRET = "as-coral-made-it"
BEARER = {"Authorization": "Bearer mod_asked"}
SPAM = "Cheap casino bonus https://casino.example/win now! " * 3


def signing_site(profile: SignatureProfile, header: str = "", **changes: object) -> Site:
    return replace(
        ASKED,
        signature_profile=profile,
        signature_header=header,
        secrets=(Secret(SECRET, NOON),),
        **changes,  # type: ignore[arg-type]  # named by the test
    )


CORAL_SITE = signing_site(SignatureProfile.BODY_HEX, "X-Coral-Signature")
WEBMENTION_SITE = signing_site(SignatureProfile.BODY_SECRET)


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


@pytest.fixture
def coral(database: Database) -> Street:
    return Street(database, CORAL_SITE)


def post(
    street: Street, name: str, message: object, query: str = "", **headers: str
) -> TestResponse:
    body = message if isinstance(message, bytes) else json.dumps(message, indent=2).encode()
    return street.app().test_client().post(
        f"/platforms/{name}/asked{query}", data=body, content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )  # fmt: skip


def signed(message: Json, secret: str = SECRET) -> dict[str, str]:
    body = json.dumps(message, indent=2).encode()
    return {"X_Coral_Signature": f"sha256={digest(secret.encode(), body, 'sha256').hex()}"}


def ask_coral(street: Street, query: str = "?wait_ms=9000", **changes: object) -> TestResponse:
    message = copy.deepcopy(CORAL)
    for path, value in changes.items():
        put(message, path.replace("__", "."), value)
    return post(street, "coral", message, query, **signed(message))


def test_coral_is_told_in_its_words_while_it_waits(coral: Street) -> None:
    answer = ask_coral(coral)
    assert (answer.status_code, answer.get_json()) == (200, {"status": "APPROVED"})
    assert coral.statuses() == [("approved", "rule")]


def test_coral_is_told_that_spam_is_spam(database: Database) -> None:
    policy = replace(ASKED.policy, denylist=("casino.example",))
    coral = Street(database, replace(CORAL_SITE, policy=policy))
    told = ask_coral(coral, comment__body=SPAM).get_json()
    flag = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}
    assert told == {"status": "REJECTED", "actions": [flag]}
    held = replace(ASKED.policy, hold_at=0.01, spam_at=9.0)
    coral.house.sites.set_policy("asked", replace(held, denylist=("casino.example",)))
    told = ask_coral(coral, comment__body=f"Once more. {SPAM}").get_json()
    assert told == {"status": "SYSTEM_WITHHELD"}


def test_what_is_not_decided_in_time_is_withheld_by_coral(database: Database) -> None:
    coral = Street(database, CORAL_SITE, is_late=True)
    answer = ask_coral(coral, "?wait_ms=100")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "SYSTEM_WITHHELD"})
    assert coral.statuses() == [("queued", "")]


@pytest.mark.parametrize("query", ["?wait_ms=99", "?wait_ms=10001", "?wait_ms=x"])
def test_coral_may_wait_as_long_as_anybody(coral: Street, query: str) -> None:
    assert ask_coral(coral, query).status_code == 422


def test_a_comment_without_words_is_not_moderated(coral: Street) -> None:
    answer = ask_coral(coral, comment__body=" ")
    assert (answer.status_code, answer.data) == (204, b"")
    assert coral.statuses() == []


def test_an_edit_is_judged_once_more(coral: Street) -> None:
    ask_coral(coral)
    assert ask_coral(coral, action="EDIT").get_json() == {"status": "APPROVED"}
    assert ask_coral(coral, action="EDIT", comment__body="Now this.").status_code == 200
    assert len(coral.statuses()) == 2


def test_who_overheard_a_message_can_send_it_and_nothing_comes_of_it(coral: Street) -> None:
    for _ in range(3):
        assert ask_coral(coral).get_json() == {"status": "APPROVED"}
    assert len(coral.house.rows("SELECT * FROM submissions")) == 1
    [[version]] = coral.house.rows("SELECT content_version FROM submissions")
    assert version == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Coral_Signature": "sha256=" + "0" * 64},
        {"X_Signature": signed(CORAL)["X_Coral_Signature"]},
        signed(CORAL, "as-nobody-made-it"),
        signed(CORAL | {"action": "EDIT"}),
        {"Authorization": f"Bearer {SECRET}"},
    ],
)
def test_whoever_did_not_sign_is_refused(coral: Street, headers: dict[str, str]) -> None:
    assert post(coral, "coral", CORAL, **headers).status_code == 401
    assert coral.statuses() == []


def test_a_mention_that_brings_the_secret_is_stored_without_it(database: Database) -> None:
    street = Street(database, WEBMENTION_SITE)
    answer = post(street, "webmention.io", WEBMENTION_IO | {"secret": SECRET})
    assert (answer.status_code, answer.get_json()["status"]) == (202, "queued")
    [[payload]] = street.house.rows("SELECT payload FROM submissions")
    assert SECRET not in str(payload)
    assert "amy.example" in str(payload)
    gone = {name: WEBMENTION_IO[name] for name in ("source", "target")}
    answer = post(street, "webmention.io", gone | {"secret": SECRET, "deleted": True})
    assert answer.get_json()["status"] == "erased"


@pytest.mark.parametrize("secret", [None, "", "wrong-secret", 7, [SECRET], SECRET + " "])
def test_a_mention_without_the_secret_is_refused(database: Database, secret: object) -> None:
    street = Street(database, WEBMENTION_SITE)
    assert post(street, "webmention.io", WEBMENTION_IO | {"secret": secret}).status_code == 401
    assert post(street, "webmention.io", b"nonsense").status_code == 400


def test_the_blog_has_no_comment_of_what_was_forwarded(database: Database) -> None:
    site = replace(WEBMENTION_SITE, callback_url="https://asked.example/verdicts")
    street = Street(database, site)
    post(street, "webmention.io", WEBMENTION_IO | {"secret": SECRET})
    [[payload]] = street.house.rows("SELECT payload FROM submissions")
    assert '"by_door":true' in str(payload)


@pytest.mark.parametrize("platform", INBOUND, ids=[each.name for each in INBOUND])
def test_a_bearer_key_and_a_key_in_the_address_serve_every_platform(
    database: Database, platform: object
) -> None:
    street = Street(database)
    name = str(getattr(platform, "name", ""))
    assert post(street, name, SEEN[name], **BEARER).status_code in (200, 202)
    assert post(street, name, SEEN[name], f"?key={KEY}").status_code == 200
    assert len(street.statuses()) == 1
    assert post(street, name, SEEN[name], "?key=000000000bad").status_code == 401
    street.house.sites.suspend_client_keys("asked", is_suspended=True)
    assert post(street, name, SEEN[name], f"?key={KEY}").status_code == 403


def test_waline_can_read_every_answer(street: Street) -> None:
    """It takes each for JSON, and shows the visitor an error where it is none."""
    wrong = {"type": "new_comment", "data": {}}
    for message, query in ((WALINE, f"?key={KEY}"), (WALINE, "?key=x"), (wrong, f"?key={KEY}")):
        assert isinstance(json.loads(post(street, "waline", message, query).data), dict)


def test_a_notice_and_the_comment_itself_are_one_submission(street: Street) -> None:
    assert post(street, "twikoo", NOTICE, **BEARER).status_code == 202
    post(street, "twikoo", SEEN["twikoo"], **BEARER)
    assert len(street.statuses()) == 1


def test_a_key_opens_its_own_site_only(street: Street) -> None:
    client = street.app().test_client()
    answer = client.post("/platforms/waline/other", json=WALINE, headers=BEARER)
    assert answer.status_code == 403


def test_what_is_no_platform_is_nowhere(street: Street) -> None:
    answer = post(street, "phpbb", WALINE, **BEARER)
    assert answer.status_code == 404
    assert "waline" in answer.get_json()["detail"]


def test_a_wrong_field_is_named_as_the_platform_names_it(street: Street) -> None:
    message = copy.deepcopy(CORAL)
    put(message, "story.url", "javascript:alert(1)")
    answer = post(street, "coral", message, **BEARER)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.get_json()["errors"]] == ["/story/url"]
    put(message, "comment.body", 7)
    put(message, "author", "me")
    answer = post(street, "coral", message, **BEARER)
    wrong = {each["pointer"] for each in answer.get_json()["errors"]}
    assert wrong == {"/comment/body", "/author/id"}


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b'{"a":1,"a":2}', b"\xff", b"{" * 50])
def test_what_is_no_object_is_refused(street: Street, body: bytes) -> None:
    assert post(street, "waline", body, **BEARER).status_code in (400, 422)


def test_our_own_door_takes_a_signature_of_the_sites_profile() -> None:
    lab = Lab()
    body = json.dumps(an_event("hexed")).encode()
    site = replace(CORAL_SITE, id="hexed")
    lab.add_site(site)
    client = create_app(lab.services()).test_client()

    def send(**headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(
            "/v1/submissions", data=body, content_type="application/json", headers=named
        )

    proof = digest(SECRET.encode(), body, "sha256").hex()
    taken = [send(X_Site_Id="hexed", X_Coral_Signature=proof) for _ in range(2)]
    assert [answer.status_code for answer in taken] == [202, 200]
    assert send(X_Site_Id="hexed", X_Coral_Signature=f"sha256={proof[::-1]}").status_code == 401
    assert send(X_Site_Id="nobody", X_Coral_Signature=proof).status_code == 401
    assert send(X_Coral_Signature=proof).status_code == 401
    [arrival] = {each.key: each for each in lab.store.arrivals}.values()
    assert arrival.key == f"sha256:{sha256(body).hexdigest()}"


def test_our_own_door_takes_a_secret_in_the_body() -> None:
    lab = Lab()
    lab.add_site(replace(WEBMENTION_SITE, id="inside"))
    for secret, status in ((SECRET, 202), ("wrong-secret", 401)):
        answer = (
            create_app(lab.services())
            .test_client()
            .post(
                "/v1/submissions",
                json=an_event("inside") | {"secret": secret},
                headers={"X-Site-Id": "inside"},
            )
        )
        assert answer.status_code == status


def test_a_site_that_signs_as_the_standard_says_needs_no_profile(database: Database) -> None:
    secret = new_secret(b"s" * 32)
    street = Street(database, replace(ASKED, secrets=(Secret(secret, NOON),)))
    assert post(street, "waline", WALINE).status_code == 401
    bearer = signing_site(SignatureProfile.BEARER)
    street.house.sites.set_signature("asked", bearer.signature_profile, "")
    assert post(street, "waline", WALINE).status_code == 401
    assert post(street, "waline", WALINE, **BEARER).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "size", "lane"),
    [
        ("POST", "/platforms/coral/asked", 500, "single"),
        ("POST", "/platforms/coral/asked", 100_000, "intake"),
        ("POST", f"/blogspam/{KEY}/", 500, "single"),
        ("POST", f"/blogspam/{KEY}/classify", 500, "intake"),
        ("GET", f"/blogspam/{KEY}/plugins", 0, "pages"),
    ],
)
def test_what_platforms_tell_shares_commits_with_other_comments(
    method: str, path: str, size: int, lane: str
) -> None:
    environ: dict[str, object] = {"REQUEST_METHOD": method, "PATH_INFO": path}
    assert traffic(4).choose(environ, size).name == lane
