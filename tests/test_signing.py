from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from moderator import signing
from moderator.domain.errors import SettingsError, UnauthenticatedError
from moderator.domain.site import Secret
from tests.builders import NOON

# The example of the specification (standard-webhooks, "symmetric").
SPEC_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SPEC_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SPEC_TIME = datetime.fromtimestamp(1614265330, UTC)
SPEC_BODY = b'{"test": 2432232314}'
SPEC_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def a_secret(name: str, expires_at: datetime | None = None) -> Secret:
    return Secret(signing.new_secret(name.encode() * 8), NOON, expires_at)


MAIN = a_secret("main")
BODY = b'{"a":1}'


def headers(**changes: str) -> dict[str, str]:
    signed = signing.sign("msg-1", BODY, secrets=[MAIN], now=NOON)
    return signed | {f"webhook-{name}": value for name, value in changes.items()}


def verify(given: dict[str, str], *secrets: Secret, body: bytes = BODY) -> str:
    return signing.verify(given, body, secrets=secrets or (MAIN,), now=NOON)


def test_the_vector_of_the_specification() -> None:
    signed = signing.sign(
        SPEC_ID, SPEC_BODY, secrets=[Secret(SPEC_SECRET, SPEC_TIME)], now=SPEC_TIME
    )
    assert signed[signing.SIGNATURE] == SPEC_SIGNATURE
    assert verify_at(signed, SPEC_TIME) == SPEC_ID


def verify_at(given: dict[str, str], now: datetime) -> str:
    return signing.verify(given, SPEC_BODY, secrets=[Secret(SPEC_SECRET, SPEC_TIME)], now=now)


@given(body=st.text(max_size=200))
def test_the_published_library_signs_alike(body: str) -> None:
    theirs = Webhook(MAIN.value).sign("msg-1", NOON, body)
    ours = signing.sign("msg-1", body.encode(), secrets=[MAIN], now=NOON)
    assert ours[signing.SIGNATURE] == theirs


def test_a_good_signature_gives_the_message_id() -> None:
    assert verify(headers()) == "msg-1"


def test_one_good_signature_of_several_is_enough() -> None:
    good = headers()[signing.SIGNATURE]
    assert verify(headers(signature=f"v1a,AAAA v1,{'A' * 43}= {good}")) == "msg-1"


@pytest.mark.parametrize("seconds", [-300, -290, 0, 290, 300])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    signed = signing.sign("msg-1", BODY, secrets=[MAIN], now=NOON + timedelta(seconds=seconds))
    assert verify(signed) == "msg-1"


@pytest.mark.parametrize("seconds", [-301, 301, 10**9])
def test_more_is_refused(seconds: int) -> None:
    signed = signing.sign("msg-1", BODY, secrets=[MAIN], now=NOON + timedelta(seconds=seconds))
    with pytest.raises(UnauthenticatedError):
        verify(signed)


GOOD = headers()[signing.SIGNATURE]


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": ""},
        {"signature": GOOD[:20]},
        {"signature": GOOD.removeprefix("v1,")},
        {"signature": "v1," + b64encode(b"x" * 32).decode()},
        {"signature": f"{GOOD}, {GOOD}"},
        {"signature": f"{GOOD},{GOOD}"},
        {"signature": GOOD + "\n"},
        {"signature": "v1,\xff\xfe"},
        {"signature": "v1,é"},
        {"signature": "v2" + GOOD[2:]},
        {"signature": " ".join(["v1,AAAA"] * 1_000)},
        {"timestamp": "abc"},
        {"timestamp": "-1"},
        {"timestamp": ""},
        {"timestamp": "nan"},
        {"timestamp": "1e9"},
        {"timestamp": "١٧٧٢٦٢٥٦٠٠"},  # Arabic digits of the right moment
        {"timestamp": "9" * 30},
        {"id": ""},
        {"id": "msg-2"},
        {"id": "msg-1\n"},
        {"id": "é"},
        {"id": "msg 1"},
    ],
)
def test_what_is_not_exactly_right_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(UnauthenticatedError):
        verify(headers(**changes))


def _signed_as(message_id: str) -> dict[str, str]:
    """What the published library makes of an id, whatever it is."""
    stamp = str(int(NOON.timestamp()))
    signature = Webhook(MAIN.value).sign(message_id, NOON, BODY.decode())
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature}


@pytest.mark.parametrize("message_id", ["a" * 255, "msg_01a2-1", "!/~-_:,=+@"])
def test_an_id_is_up_to_255_printable_characters(message_id: str) -> None:
    assert verify(_signed_as(message_id)) == message_id
    assert signing.sign(message_id, BODY, secrets=[MAIN], now=NOON) == _signed_as(message_id)


@pytest.mark.parametrize(
    "message_id", ["a" * 256, "msg.1", ".", "1.1772625600", "a b", "a\x7f", ""]
)
def test_an_id_that_could_be_read_in_two_ways_is_refused_both_ways(message_id: str) -> None:
    with pytest.raises(UnauthenticatedError):
        verify(_signed_as(message_id))
    with pytest.raises(ValueError, match="webhook-id"):
        signing.sign(message_id, BODY, secrets=[MAIN], now=NOON)


def test_what_was_signed_under_one_id_is_not_taken_under_a_longer_one() -> None:
    """The bytes that are signed are the same; only the id says where it ends."""
    stamp = int(NOON.timestamp())
    good = signing.sign("msg", f"{stamp}.{{}}".encode(), secrets=[MAIN], now=NOON)
    moved = good | {"webhook-id": f"msg.{stamp}"}
    with pytest.raises(UnauthenticatedError):
        verify(moved, body=b"{}")


def test_another_body_is_refused() -> None:
    with pytest.raises(UnauthenticatedError):
        verify(headers(), body=b'{ "a": 1 }')


def test_rotation_signs_twice_and_takes_both() -> None:
    old = a_secret("old", NOON + timedelta(hours=1))
    signed = signing.sign("msg-1", BODY, secrets=[MAIN, old], now=NOON)
    assert len(signed[signing.SIGNATURE].split(" ")) == 2
    assert verify(signed, MAIN) == verify(signed, old) == "msg-1"


def test_an_expired_secret_neither_signs_nor_verifies() -> None:
    gone = a_secret("gone", NOON)
    alone = signing.sign("msg-1", BODY, secrets=[Secret(gone.value, NOON)], now=NOON)
    with pytest.raises(UnauthenticatedError):
        verify(alone, MAIN, gone)
    assert signing.sign("msg-1", BODY, secrets=[MAIN, gone], now=NOON) == headers()


@pytest.mark.parametrize("value", ["whsec_", "whsec_!!!", "whsec_é"])
def test_a_secret_that_is_none_is_an_error_of_the_operator(value: str) -> None:
    with pytest.raises(SettingsError):
        signing.sign("msg-1", BODY, secrets=[Secret(value, NOON)], now=NOON)


@given(
    id_=st.text(max_size=40),
    stamp=st.text(max_size=40),
    signature=st.text(max_size=80),
    body=st.binary(max_size=80),
)
def test_any_headers_are_refused_and_nothing_else(
    id_: str, stamp: str, signature: str, body: bytes
) -> None:
    given_headers = {"webhook-id": id_, "webhook-timestamp": stamp, "webhook-signature": signature}
    with pytest.raises(UnauthenticatedError):
        verify(given_headers, body=body)


def test_a_key_is_shown_once_and_stored_as_a_digest() -> None:
    key = signing.new_api_key(bytes(range(32)))
    assert key.value.startswith(key.prefix)
    assert len(key.value) > len(key.prefix) + 24
    assert signing.key_digest(key.value) == key.digest
    assert key.value not in key.digest
    assert signing.new_api_key(b"x" * 32).digest != key.digest
