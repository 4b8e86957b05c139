"""Between domain values and the JSON that some columns hold."""

from functools import lru_cache

import msgspec

from moderator.domain.finding import Finding
from moderator.domain.pages.digest import ToldState
from moderator.domain.policy import Policy
from moderator.domain.submission import Submission
from moderator.domain.verdict import Reason
from moderator.intake import from_json, to_json

_encoder = msgspec.json.Encoder(enc_hook=to_json)
_submission = msgspec.json.Decoder(Submission, dec_hook=from_json)
_findings = msgspec.json.Decoder(tuple[Finding, ...])
_reasons = msgspec.json.Decoder(tuple[Reason, ...])
_counts = msgspec.json.Decoder(dict[str, int])
_names = msgspec.json.Decoder(tuple[str, ...])
_told = msgspec.json.Decoder(ToldState)
_policy = msgspec.json.Decoder(Policy)


def dump(value: object) -> str:
    return _encoder.encode(value).decode()


def load_submission(payload: str) -> Submission:
    return _submission.decode(payload)


def load_findings(payload: str) -> tuple[Finding, ...]:
    return _findings.decode(payload) if payload else ()


def load_reasons(payload: str) -> tuple[Reason, ...]:
    return _reasons.decode(payload)


@lru_cache(maxsize=1024)
def load_policy(payload: str) -> Policy:
    """The same object for the same words: sites are read again and again, and lists are long."""
    return _policy.decode(payload)


def load_counts(payload: str) -> dict[str, int]:
    return _counts.decode(payload)


def load_told(payload: str) -> ToldState:
    return _told.decode(payload)


def load_names(payload: str) -> tuple[str, ...]:
    return _names.decode(payload)
