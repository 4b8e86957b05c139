"""What rules find in a submission, and what they answer: one finding of those that act, and one of
those in shadow.

Of several that act the strictest answers: spam, discard, hold, then what speaks for it. Rules say
nothing about the blog's own people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderator.domain.content.facts import Facts
from moderator.domain.errors import InvalidError
from moderator.domain.finding import Finding, Signal
from moderator.domain.lists.compiled import ListHit, compiled
from moderator.domain.lists.mentions import Mentions
from moderator.domain.lists.patterns import compiled_pattern, pattern_hit
from moderator.domain.lists.reading import refusals
from moderator.domain.rule import (
    RULE_APPROVE,
    RULE_DISCARD,
    RULE_HOLD,
    RULE_SPAM,
    Rule,
    RuleKind,
    RuleState,
    thresholds_of,
)
from moderator.domain.verdict import Verdict

NAME, SHADOW = "rules", "shadow_rules"  # of the findings
SPEAKS_FOR = -0.5  # what a rule weighs that lets pass: as an allowlist does
CONDEMNS = 1.0
SHOWN, TOLD = 3, 20  # what was found, in the reason and in the evidence
MAX_LINKS = 1_000
DIGITS = 10
SHORT = 60  # characters of what is a pair of numbers
MAX_ENTRIES = 20_000  # of one rule; more belongs on a list (`moderator site lists`)
MAX_CHARACTERS = 600_000
STRICTEST = (Verdict.SPAM, Verdict.DISCARD, Verdict.HOLD, Verdict.APPROVE)
ANSWERS = {
    Verdict.SPAM: (Signal.SPAM, RULE_SPAM, CONDEMNS, "calls it spam"),
    Verdict.DISCARD: (Signal.SUSPECT, RULE_DISCARD, 0.0, "discards it"),
    Verdict.HOLD: (Signal.SUSPECT, RULE_HOLD, 0.0, "lets it wait for a person"),
    Verdict.APPROVE: (Signal.HAM, RULE_APPROVE, SPEAKS_FOR, "speaks for it"),
}


@dataclass(frozen=True, slots=True)
class RuleHit:
    rule: Rule
    hits: tuple[ListHit, ...]


def entries_of(what: str) -> tuple[str, ...]:
    """The entries of a list as people type it: one a line, without remarks (`# ...`)."""
    lines = (line.strip() for line in what.splitlines())
    return tuple(dict.fromkeys(e for e in lines if e and e != "#" and not e.startswith("# ")))


def checked(kind: RuleKind, what: str) -> str:
    """What a rule looks for, as it is kept. Raises InvalidError, with a sentence a line."""
    if len(what) > MAX_CHARACTERS:
        raise InvalidError(f"A rule has at most {MAX_CHARACTERS:,} characters")
    match kind:
        case RuleKind.LIST:
            return "\n".join(_checked_entries(what))
        case RuleKind.PATTERN:
            compiled_pattern(what.strip())
            return what.strip()
        case RuleKind.LINKS:
            number = what.strip()
            is_number = number.isascii() and number.isdecimal() and len(number) < DIGITS
            if not is_number or not 0 < int(number) <= MAX_LINKS:
                raise InvalidError(f"The number of links is 1 to {MAX_LINKS}")
            return str(int(number))
        case RuleKind.THRESHOLDS:
            return " ".join(f"{at:g}" for at in thresholds_of(what[:SHORT]))


def _checked_entries(what: str) -> tuple[str, ...]:
    entries = entries_of(what)
    if not entries:
        raise InvalidError("A list must have an entry")
    if len(entries) > MAX_ENTRIES:
        raise InvalidError(f"A rule has at most {MAX_ENTRIES:,} entries")
    if wrong := refusals(entries):
        raise InvalidError("\n".join(wrong.values()))
    return entries


def found_by(rules: Iterable[Rule], facts: Facts) -> list[RuleHit]:
    """Which of the rules find something; what cannot be read any more finds nothing."""
    if facts.submission.author.is_staff:
        return []
    mentions = Mentions(facts)
    looked = [RuleHit(rule, tuple(_hits(rule, mentions, facts))) for rule in rules]
    return [one for one in looked if one.hits]


def _hits(rule: Rule, mentions: Mentions, facts: Facts) -> Sequence[ListHit]:
    match rule.kind:
        case RuleKind.LIST:
            is_for = rule.action is Verdict.APPROVE
            return compiled(_entries(rule.what)).hits(mentions, in_disguise=not is_for)
        case RuleKind.PATTERN:
            try:
                hit = pattern_hit(rule.what, facts)
            except InvalidError:  # an earlier version took it
                return ()
            return () if hit is None else (hit,)
        case RuleKind.LINKS:
            count = len(facts.text_links)
            few = count < int(rule.what)
            return () if few else (ListHit(f"{rule.what} links or more", "text", f"{count} links"),)
        case RuleKind.THRESHOLDS:  # asked when all is weighed: domain/decisions/shadow.py
            return ()


_split: dict[str, tuple[str, ...]] = {}


def _entries(what: str) -> tuple[str, ...]:
    """The same object for the same list, by which it is known that it was made ready."""
    known = _split.get(what)
    if known is None:
        if len(_split) >= 1_024:  # noqa: PLR2004  # lists that are kept
            _split.clear()
        known = _split[what] = tuple(what.split("\n"))
    return known


def answers(rules: Sequence[Rule], facts: Facts, now: datetime) -> tuple[Finding, ...]:
    """The findings of those that act or count now."""
    acting = [rule for rule in rules if rule.state_at(now) is RuleState.LIVE]
    counting = [rule for rule in rules if rule.state_at(now) is RuleState.SHADOW]
    found = found_by(acting, facts) if acting else []
    unseen = found_by(counting, facts) if counting else []
    acted = (_answer(found),) if found else ()
    counted = (_counted(unseen),) if unseen else ()
    return acted + counted


def _answer(found: Sequence[RuleHit]) -> Finding:
    action = min((one.rule.action for one in found), key=STRICTEST.index)
    signal, code, weight, does = ANSWERS[action]
    said = [one for one in found if one.rule.action is action]
    reason = f"A rule {does}: {', '.join(_shown(one) for one in said[:SHOWN])}"
    return Finding(NAME, signal, reason, code, weight, {"rules": [_told(one) for one in found]})


def _counted(found: Sequence[RuleHit]) -> Finding:
    shown = ", ".join(f"{_shown(one)} ({one.rule.action})" for one in found[:SHOWN])
    reason = f"A rule in shadow would have acted: {shown}"
    told = [_told(one) for one in found]
    return Finding(SHADOW, Signal.NEUTRAL, reason, "shadow_rule", evidence={"rules": told})


def _shown(one: RuleHit) -> str:
    hit = one.hits[0]
    return f"{one.rule.name or hit.entry} (in the {hit.where})"


def _told(one: RuleHit) -> dict[str, object]:
    rule = one.rule
    return {
        "rule": rule.id,
        "name": rule.name,
        "would": rule.action.value,
        "matches": [
            {"entry": hit.entry, "where": hit.where, "at": hit.at} for hit in one.hits[:TOLD]
        ],
    }
