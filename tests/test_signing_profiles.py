"""The profiles beside Standard Webhooks: known vectors, both directions."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator import signing
from moderator.domain.errors import InvalidError, UnauthenticatedError
from moderator.domain.site import Secret, SignatureProfile, Site, signature_header
from tests.builders import NOON, a_site

DAY = timedelta(days=1)
BODY = b'{"type":"verdict.issued","data":{"sequence":1}}'
# From GitHub's page on web hooks, and RFC 4231, 4.3.
VECTORS = [
    (
        "It's a Secret to Everybody",
        b"Hello, World!",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    ),
    (
        "Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
]


def a_secret(value: str, ends_in: timedelta | None = None) -> Secret:
    return Secret(value, NOON - DAY, None if ends_in is None else NOON + ends_in)


def signed_by(profile: SignatureProfile, *secrets: Secret, header: str = "") -> Site:
    return a_site(secrets=secrets, signature_profile=profile, signature_header=header)


@pytest.mark.parametrize(("secret", "body", "expected"), VECTORS)
def test_hex_is_what_others_published(secret: str, body: bytes, expected: str) -> None:
    site = signed_by(SignatureProfile.BODY_HEX, a_secret(secret), header="X-Coral-Signature")
    sealed = signing.seal(site, "m1", body, now=NOON)
    assert sealed.headers["X-Coral-Signature"] == f"sha256={expected}"
    assert sealed.body == body


@pytest.mark.parametrize(("secret", "body", "expected"), VECTORS)
@pytest.mark.parametrize(
    "written", ["sha256={}", "{}", "sha256=ab,sha256={}", "sha256=" + "0" * 64 + ", sha256={}"]
)
def test_hex_is_verified_however_it_is_written(
    written: str, secret: str, body: bytes, expected: str
) -> None:
    for given_hex in (expected, expected.upper()):
        id_ = signing.verify_hex(
            written.format(given_hex), body, secrets=[a_secret(secret)], now=NOON
        )
        assert id_ == signing.body_id(body)


@pytest.mark.parametrize(
    "given_header",
    ["", "sha256=", "sha1=" + "0" * 40, "0" * 64, "sha256=" + VECTORS[0][2][:-1], "é", ",,,"],
)
def test_any_other_header_is_refused(given_header: str) -> None:
    secret, body, _ = VECTORS[0]
    with pytest.raises(UnauthenticatedError):
        signing.verify_hex(given_header, body, secrets=[a_secret(secret)], now=NOON)


@given(header=st.text(max_size=300), body=st.binary(max_size=50))
def test_nobody_guesses_a_signature(header: str, body: bytes) -> None:
    with pytest.raises(UnauthenticatedError):
        signing.verify_hex(header, body, secrets=[a_secret("not-guessed")], now=NOON)
    with pytest.raises(UnauthenticatedError):
        signing.verify_secret(header, body, secrets=[a_secret("not-guessed")], now=NOON)


def test_an_empty_body_proves_nothing() -> None:
    """One signature of it, once overheard, would read everything."""
    secret = a_secret("Jefe")
    site = signed_by(SignatureProfile.BODY_HEX, secret, header="X-Signature")
    header = signing.seal(site, "m1", b"", now=NOON).headers["X-Signature"]
    with pytest.raises(UnauthenticatedError):
        signing.verify_hex(header, b"", secrets=[secret], now=NOON)


def test_only_as_many_signatures_are_read_as_there_can_be() -> None:
    secret, body, expected = VECTORS[0]
    many = ",".join(["0" * 64] * signing.MAX_HEX + [expected])
    with pytest.raises(UnauthenticatedError):
        signing.verify_hex(many, body, secrets=[a_secret(secret)], now=NOON)


def test_a_rotation_signs_with_both_and_takes_both() -> None:
    new, old, gone = a_secret("new-secret"), a_secret("old-secret", DAY), a_secret("gone", -DAY)
    site = signed_by(SignatureProfile.BODY_HEX, new, old, gone, header="X-Signature")
    header = signing.seal(site, "m1", BODY, now=NOON).headers["X-Signature"]
    assert header.count("sha256=") == 2
    for secret in (new, old):
        assert signing.verify_hex(header, BODY, secrets=[secret], now=NOON)
        assert signing.verify_secret(secret.value, BODY, secrets=[new, old, gone], now=NOON)
    with pytest.raises(UnauthenticatedError):
        signing.verify_hex(header, BODY, secrets=[gone], now=NOON)
    with pytest.raises(UnauthenticatedError):
        signing.verify_secret("gone", BODY, secrets=[new, old, gone], now=NOON)


@pytest.mark.parametrize("body", [BODY, b"{}", b' { "a" : 1 }', '{"a":"é"}'.encode()])
def test_the_secret_goes_into_the_body_and_changes_nothing_else(body: bytes) -> None:
    secret = 'say "\\" 1'.replace(" ", "-")
    site = signed_by(SignatureProfile.BODY_SECRET, a_secret(secret))
    sealed = signing.seal(site, "m1", body, now=NOON)
    assert json.loads(sealed.body) == {"secret": secret} | json.loads(body)
    assert not {name for name in sealed.headers if secret in sealed.headers[name]}


def test_a_bearer_stands_beside_the_body() -> None:
    site = signed_by(SignatureProfile.BEARER, a_secret("new-secret"), a_secret("old", DAY))
    sealed = signing.seal(site, "m1", BODY, now=NOON)
    assert sealed.headers["Authorization"] == "Bearer new-secret"
    assert sealed.body == BODY


@pytest.mark.parametrize("profile", list(SignatureProfile))
def test_the_id_goes_with_every_callback(profile: SignatureProfile) -> None:
    secret = signing.new_secret(b"s" * 32)
    site = signed_by(profile, a_secret(secret), header="X-Signature")
    headers = signing.seal(site, "m1", BODY, now=NOON).headers
    assert headers[signing.ID] == "m1"
    assert headers[signing.TIMESTAMP] == str(int(NOON.timestamp()))


def test_standard_stays_what_it_was() -> None:
    site = a_site(secrets=(a_secret(signing.new_secret(b"s" * 32)),))
    sealed = signing.seal(site, "m1", BODY, now=NOON)
    assert sealed.headers == signing.sign("m1", BODY, secrets=site.secrets, now=NOON)
    assert sealed.body == BODY


def test_only_standard_is_strong() -> None:
    assert [each for each in SignatureProfile if not each.is_weak] == [SignatureProfile.STANDARD]


@pytest.mark.parametrize(
    ("profile", "secret"),
    [
        (SignatureProfile.STANDARD, "no-base64-at-all"),
        (SignatureProfile.STANDARD, "d2hhdGV2ZXI="),
        (SignatureProfile.STANDARD, "whsec_!!!!!!!!"),
        (SignatureProfile.BODY_HEX, "short"),
        (SignatureProfile.BODY_HEX, "with a blank in it"),
        (SignatureProfile.BEARER, "a\r\nb: injected"),
        (SignatureProfile.BODY_SECRET, "x" * 256),
        (SignatureProfile.BODY_SECRET, "sécret-sécret"),
    ],
)
def test_a_secret_that_cannot_serve_is_refused_when_it_is_given(
    profile: SignatureProfile, secret: str
) -> None:
    with pytest.raises(InvalidError):
        signing.judge_secret(profile, secret)


@pytest.mark.parametrize("name", ["Host", "content-length", "a b", "x:y", "x\r\ny", "é", "x" * 65])
def test_a_header_that_cannot_serve_is_refused(name: str) -> None:
    with pytest.raises(InvalidError):
        signature_header(SignatureProfile.BODY_HEX, name)


def test_a_header_is_for_the_profile_that_has_one() -> None:
    assert signature_header(SignatureProfile.BODY_HEX, "") == "X-Signature"
    assert signature_header(SignatureProfile.BODY_HEX, "X-Coral-Signature") == "X-Coral-Signature"
    assert signature_header(SignatureProfile.BEARER, "") == ""
    with pytest.raises(InvalidError):
        signature_header(SignatureProfile.STANDARD, "X-Coral-Signature")


def test_without_a_secret_nothing_is_proven() -> None:
    nobody = replace(signed_by(SignatureProfile.BEARER), secrets=())
    assert "Authorization" not in signing.seal(nobody, "m1", BODY, now=NOON).headers
    for profile in (SignatureProfile.BODY_SECRET, SignatureProfile.BODY_HEX):
        nobody = signed_by(profile, header="X-Signature")
        assert signing.seal(nobody, "m1", BODY, now=NOON).body == BODY
