"""The interface of blogspam.net: SPAM, OK or ERROR, as its clients read them."""

import json

import pytest
from werkzeug.test import TestResponse

from moderator.intake import blogspam
from moderator.storage.base.database import Database
from moderator.web.limits import RateLimit
from tests.builders import NOON
from tests.web.asking import KEY, Street

# As ikiwiki 3.20200202 sends it.
IKIWIKI: dict[str, object] = {
    "ip": "203.0.113.9",
    "comment": "The part on proofing times cleared things up for me.",
    "subject": "",
    "name": "Jane Reader",
    "link": "",
    "options": "min-words=0,exclude=lotsaurls,exclude=size,exclude=stopwords",
    "site": "https://asked.example",
    "version": "ikiwiki 3.20200202.3",
}


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


def send(
    street: Street, path: str = "/", key: str = KEY, body: object = None, **changes: object
) -> TestResponse:
    sent = json.dumps(IKIWIKI | changes) if body is None else body
    return street.app().test_client().post(f"/blogspam/{key}{path}", data=sent)


def result(answer: TestResponse) -> str:
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["version"] == "2.0"
    return str(told["result"])


def spam_is_known(street: Street) -> None:
    policy = street.house.sites.get("asked").policy  # type: ignore[union-attr]  # it is there
    from_here = type(policy)(denylist=("203.0.113.66",))
    street.house.sites.set_policy("asked", from_here)


def test_honest_and_spam(street: Street) -> None:
    assert result(send(street)) == "OK"
    spam_is_known(street)
    answer = send(street, ip="203.0.113.66", comment="Come and play tonight, all of you.")
    assert result(answer) == "SPAM"
    assert answer.get_json()["blocker"]
    assert not set("<>&\"'") & set(answer.get_json()["reason"])
    assert street.statuses() == [("approved", "rule"), ("spam", "rule")]


@pytest.mark.parametrize("path", ["", "/"])
def test_with_and_without_a_slash(street: Street, path: str) -> None:
    assert result(send(street, path)) == "OK"


def test_what_is_not_decided_in_time_is_an_error_and_clients_let_it_through(
    database: Database,
) -> None:
    street = Street(database, is_late=True)
    assert result(send(street)) == "ERROR"
    assert street.statuses() == [("queued", "")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "JSON"),
        ("[]", "not a JSON object"),
        ('{"ip": "192.0.2.1"}', "/comment: This field is required"),
        ('{"comment": null}', "/comment: This field is required"),
        ('{"comment": ["a"]}', "/comment: Not a string"),
        ('{"comment": "a", "name": true}', "/name: Not a string"),
        ('{"comment": "a", "comment": "b"}', "same key twice"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_reason(
    street: Street, body: str, reason: str
) -> None:
    answer = send(street, body=body)
    assert result(answer) == "ERROR"
    assert reason in answer.get_json()["reason"]
    assert street.statuses() == []


@pytest.mark.parametrize("path", ["/", "/classify", "/stats"])
def test_a_key_that_is_not_ours_is_an_error(street: Street, path: str) -> None:
    for key in ("000000000bad", "nonsense", "%20"):
        assert result(send(street, path, key)) == "ERROR"
    street.house.sites.suspend_client_keys("asked", is_suspended=True)
    assert send(street, path).get_json()["reason"] == "This key was suspended"


def test_too_many_at_once_are_an_error(database: Database) -> None:
    street = Street(database)
    street.limit = RateLimit(1, 1)
    assert result(send(street)) == "OK"
    assert result(send(street, comment="Another.")) == "ERROR"


def test_a_report_is_learned_from_and_stands(street: Street) -> None:
    assert result(send(street)) == "OK"
    assert result(send(street, "/classify", train="spam")) == "OK"
    assert street.statuses() == [("spam", "blog")]
    assert result(send(street)) == "SPAM"
    assert result(send(street, "/classify/", train="ok")) == "OK"
    assert street.statuses() == [("approved", "blog")]
    assert result(send(street, "/classify", train="maybe")) == "ERROR"


def test_what_was_told_is_counted(street: Street) -> None:
    send(street)
    spam_is_known(street)
    send(street, ip="203.0.113.66", comment="Come and play tonight, all of you.")
    assert send(street, "/stats").get_json() == {"spam": "1", "ok": "1"}


def test_the_checks_are_listed(street: Street) -> None:
    client = street.app().test_client()
    listed = client.get(f"/blogspam/{KEY}/plugins").get_json()
    assert set(listed["honeypot"]) == {"author", "description"}
    assert client.get("/blogspam/000000000bad/plugins").get_json()["result"] == "ERROR"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("fail", "SPAM"),
        ("FAIL", "SPAM"),
        ("exclude=fail", "OK"),
        ("blacklist=203.0.113.9", "SPAM"),
        ("blacklist=203.0.113.0/24", "SPAM"),
        ("blacklist=203.0.112.0/24,blacklist=nonsense,blacklist=2001:db8::/32", "OK"),
        ("whitelist=203.0.113.0/24", "OK"),
    ],
)
def test_options_that_decide_by_themselves(street: Street, options: str, expected: str) -> None:
    if "whitelist" in options:
        spam_is_known(street)
    assert result(send(street, options=options)) == expected


def test_a_white_address_is_not_judged(street: Street) -> None:
    spam_is_known(street)
    text = "Come and play tonight, all of you."
    asked = {"ip": "203.0.113.66", "comment": text}
    assert result(send(street, options="whitelist=203.0.113.66", **asked)) == "OK"
    assert street.statuses() == []


@pytest.mark.parametrize("comment", ["", " \n"])
def test_an_edit_that_adds_nothing_is_fine(street: Street, comment: str) -> None:
    assert result(send(street, comment=comment)) == "OK"
    assert street.statuses() == []


def test_a_subject_is_part_of_what_is_said() -> None:
    asked = blogspam.read(json.dumps(IKIWIKI | {"subject": "Re: bread"}).encode(), "")
    assert asked.form.get("comment_content").startswith("Re: bread\n\nThe part on")


def test_field_names_may_be_in_any_case_and_the_blog_is_known() -> None:
    asked = blogspam.read(b'{"Comment": "Well said", "IP": "192.0.2.1"}', "https://x.example")
    assert asked.form.get("user_ip") == "192.0.2.1"
    assert asked.form.get("blog") == "https://x.example"


def test_the_same_comment_is_one_submission_by_either_protocol(street: Street) -> None:
    street.now = NOON
    assert result(send(street)) == "OK"
    street.check(permalink="https://asked.example", comment_author="Jane Reader")
    assert len(street.statuses()) == 1
