"""Between domain values and the JSON that some columns hold."""

from functools import lru_cache

import msgspec

from moderator.domain.finding import Finding
from moderator.domain.pages.digest import ToldState
from moderator.domain.policy import Policy
from moderator.domain.rule import DryRun, Rule
from moderator.domain.rules.changes import PolicyChoice
from moderator.domain.rules.thresholds import PastTrial
from moderator.domain.submission import Submission
from moderator.domain.timing.retention import RetentionChoice
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
_rule = msgspec.json.Decoder(Rule)
_choice = msgspec.json.Decoder(PolicyChoice)
_retention = msgspec.json.Decoder(RetentionChoice)
_past_trial = msgspec.json.Decoder(PastTrial)
_dry_run = msgspec.json.Decoder(DryRun)


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


@lru_cache(maxsize=4096)
def load_rule(payload: str) -> Rule:
    """The same object for the same words: rules are read with their sites, again and again."""
    return _rule.decode(payload)


def load_dry_run(payload: str) -> DryRun | None:
    return _dry_run.decode(payload) if payload else None


def load_past_trial(payload: str) -> PastTrial:
    return _past_trial.decode(payload)


def load_retention(payload: str) -> RetentionChoice:
    return _retention.decode(payload)


def load_choice(payload: str) -> PolicyChoice:
    return _choice.decode(payload)


def load_counts(payload: str) -> dict[str, int]:
    return _counts.decode(payload)


def load_told(payload: str) -> ToldState:
    return _told.decode(payload)


def load_names(payload: str) -> tuple[str, ...]:
    return _names.decode(payload)
