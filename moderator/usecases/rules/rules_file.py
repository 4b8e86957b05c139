"""Rules out of a file, for who judges without a database: a JSON object a line, or a list of them.

    {"kind": "list", "what": ["casino", "shop.example"], "do": "spam", "name": "Gambling"}

`kind` (list, pattern, links) and `do` (hold, spam, discard, approve) mean what they mean of a
rule (domain/rule.py); a list's `what` may be a list of entries. `state` is live or shadow. Whoever
writes the file vouches for it: nothing has to be earned.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from moderator.domain.errors import InvalidError
from moderator.domain.rule import Rule, RuleKind, RuleState
from moderator.domain.rules.matching import checked
from moderator.domain.verdict import Decider, DeciderKind, Verdict

KNOWN = frozenset({"kind", "what", "do", "name", "state"})
STATES = frozenset({RuleState.LIVE, RuleState.SHADOW})
MAX_RULES = 500
WRITER = Decider(DeciderKind.MODERATOR, "file", "the file")
Choice = TypeVar("Choice", bound=StrEnum)


def read_rules(text: str, site_id: str, now: datetime) -> tuple[Rule, ...]:
    """Raises InvalidError, with a sentence for every rule that cannot be one."""
    given = _objects(text.removeprefix("\ufeff"))
    if len(given) > MAX_RULES:
        raise InvalidError(f"A file has at most {MAX_RULES} rules")
    found: list[Rule] = []
    wrong: list[str] = []
    for number, one in enumerate(given, start=1):
        try:
            found.append(_rule(one, f"rule-{number}", site_id, now))
        except InvalidError as error:
            wrong.append(f"Rule {number}: {error}")
    if wrong:
        raise InvalidError("\n".join(wrong))
    return tuple(found)


def _objects(text: str) -> list[object]:
    try:
        if text.lstrip().startswith("["):
            given = json.loads(text)
            return given if isinstance(given, list) else []
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"The rules are no JSON: {error}") from error


def _rule(given: object, id_: str, site_id: str, now: datetime) -> Rule:
    if not isinstance(given, Mapping):
        raise InvalidError("is no object")
    if unknown := sorted(map(str, given.keys() - KNOWN)):
        raise InvalidError(f"{', '.join(unknown)}: not known; known are {', '.join(sorted(KNOWN))}")
    kind = _one_of(RuleKind, given, "kind", RuleKind.LIST)
    state = _one_of(RuleState, given, "state", RuleState.LIVE)
    if state not in STATES:
        raise InvalidError("state is live or shadow")
    return Rule(
        id=id_,
        site_id=site_id,
        kind=kind,
        what=checked(kind, _what(given.get("what"))),
        action=_one_of(Verdict, given, "do", Verdict.HOLD),
        by=WRITER,
        made_at=now,
        state=state,
        name=str(given.get("name") or ""),
    )


def _what(given: object) -> str:
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return "\n".join(given)
    if isinstance(given, str | int) and not isinstance(given, bool):
        return str(given)
    raise InvalidError("what is missing, or neither a text nor a list of texts")


def _one_of(
    values: type[Choice], given: Mapping[str, object], name: str, default: Choice
) -> Choice:
    try:
        return values(str(given.get(name, default)))
    except ValueError as error:
        raise InvalidError(f"{name} is one of {', '.join(values)}") from error
