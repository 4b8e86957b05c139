"""Asks our own public address whether it leads to us."""

import json

import httpx

SECONDS = 5.0
PROBE = "/healthz"


def who_answers(public_url: str) -> str:
    """What is wrong with the way from PUBLIC_URL to us; '' when it leads here."""
    try:
        answer = httpx.get(f"{public_url}{PROBE}", timeout=SECONDS, trust_env=False)
    except httpx.TimeoutException:
        return f"no answer came in {SECONDS:g} s"
    except (httpx.HTTPError, OSError) as error:
        return f"nobody answers there ({type(error).__name__})"
    if answer.is_redirect:
        return f"it redirects to {answer.headers.get('location', '')[:200]!a}"
    if answer.status_code != httpx.codes.OK:
        return f"{PROBE} below it is answered {answer.status_code}"
    try:
        is_us = json.loads(answer.text) == {"status": "ok"}
    except ValueError:
        is_us = False
    return "" if is_us else "somebody else answers there"
