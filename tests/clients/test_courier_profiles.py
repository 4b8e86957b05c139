"""Callbacks go out signed as the site wants them."""

import asyncio
import json
from dataclasses import replace
from hashlib import sha256
from hmac import new as hmac

import pytest

from moderator.clients.courier import HttpCourier
from moderator.domain.decisions.delivery import Callback
from moderator.domain.site import Secret, SignatureProfile
from moderator.signing import new_secret
from tests.builders import NOON, a_site
from tests.clients.fetching import HERE, saying
from tests.lab import Request, answer, origin

BODY = b'{"type":"verdict.issued","data":{"sequence":1}}'
CALLBACK = Callback("m1", "blog", BODY, tries=0)
SECRET = new_secret(b"s" * 32)


def sent(
    profile: SignatureProfile, header: str = "", *, is_akismets: bool = False, secret: str = SECRET
) -> Request:
    """The one request that a blog gets."""

    async def run() -> Request:
        async with origin(saying(answer(b"", status=204))) as blog:
            address = f"http://{HERE}:{blog.port}/verdict"
            site = a_site(
                callback_url=address,
                allowed_addresses=frozenset({(HERE, blog.port)}),
                secrets=(Secret(secret, NOON),),
                signature_profile=profile,
                signature_header=header,
            )
            callback = replace(CALLBACK, url=address) if is_akismets else CALLBACK
            courier = HttpCourier(lambda: NOON)
            told = await courier.send(site, callback)
            await courier.close()
            assert told.status == 204
            [request] = blog.requests
            return request

    return asyncio.run(run())


def test_body_hex() -> None:
    request = sent(SignatureProfile.BODY_HEX, "X-Coral-Signature")
    expected = hmac(SECRET.encode(), BODY, sha256).hexdigest()
    assert request.headers["x-coral-signature"] == f"sha256={expected}"
    assert "webhook-signature" not in request.headers
    assert request.body == BODY


def test_body_secret() -> None:
    request = sent(SignatureProfile.BODY_SECRET)
    assert json.loads(request.body) == {"secret": SECRET, **json.loads(BODY)}
    assert int(request.headers["content-length"]) == len(request.body)
    assert SECRET not in repr(request.headers)


def test_bearer() -> None:
    request = sent(SignatureProfile.BEARER)
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.body == BODY


@pytest.mark.parametrize(
    "profile", [each for each in SignatureProfile if each is not SignatureProfile.STANDARD]
)
def test_an_akismet_client_is_sent_no_secret(profile: SignatureProfile) -> None:
    """Its own key is the proof, and an address from a form is no place for a secret."""
    request = sent(profile, "X-Signature", is_akismets=True, secret="no-base64-at-all")
    assert request.body == BODY
    assert "no-base64-at-all" not in repr(request.headers)
    assert not {"x-signature", "authorization", "webhook-signature"} & request.headers.keys()
