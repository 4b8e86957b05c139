"""Did this site get the same text before? A copy is redundant; that alone does not make it spam.

Siblings with the very same text are judged first, then those that nearly repeat it. In this order:
1. a person called the same text spam -> spam;
2. the same text came first and still stands -> redundant. Of all copies exactly one survives: the
   earliest by the blog's time and id, in whatever order they arrive;
3. the same text was called spam automatically, or thrown away by a person -> suspect;
4. of a linkback, an excerpt that was cut and stands in one that came first, or the other way round,
   for the same page -> redundant; whatever else came first and is nearly the same -> suspect;
5. near copies could not be looked up -> unavailable.
People do say the same short things: a short comment counts as a copy only when the same author
sent it twice within a day. A text that is hardly more than a link never counts as a copy, because
its key is the host alone.
"""

from collections.abc import Iterable
from datetime import timedelta

from moderator.domain.check import Context, Sibling
from moderator.domain.facts import Facts
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.fingerprint import MIN_NEAR, MIN_TEXT, WORDLESS, comparable, is_cut
from moderator.domain.precedence import Precedence, precedence
from moderator.domain.submission import Submission

NAME = "duplicate"
SHORT = 40  # folded characters below which two people may well say the same
DOUBLE_SUBMIT = timedelta(days=1)
NEAR = 0.5
COMPARED = 8  # near texts whose words are looked at: the closest
LONGEST = 4_000  # characters of an excerpt: what is longer was not cut
STANDING = frozenset({"queued", "approved", "hold"})

KNOWN_SPAM = 0.95
SUSPECTED_SPAM = 0.5
THROWN_AWAY = 0.4
NEARLY_SAME = 0.2
SAID_BEFORE = 0.05
UNKNOWN = Finding(
    NAME,
    Signal.UNAVAILABLE,
    "Texts that are nearly the same could not be looked up",
    code="near_unknown",
)
UNIQUE = Finding(NAME, Signal.NEUTRAL, "No other comment has this text")


class Duplicate:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        siblings = [sibling for sibling in context.siblings if sibling.id != submission.id]
        unlike = UNIQUE if context.is_near_known else UNKNOWN
        if not siblings:
            return unlike
        facts = context.about(submission)
        same = [sibling for sibling in siblings if sibling.similarity >= 1]
        alike = [sibling for sibling in siblings if NEAR <= sibling.similarity < 1]
        finding = _same_text(facts, same)
        if finding is None and len(facts.words) >= MIN_NEAR and not _is_wordless(submission):
            finding = _near_text(facts, alike)
        return finding or unlike


def _is_wordless(submission: Submission) -> bool:
    linkback = submission.linkback
    return linkback is not None and linkback.relation in WORDLESS


def _same_text(facts: Facts, same: list[Sibling]) -> Finding | None:
    spam = [sibling for sibling in same if sibling.status == "spam"]
    wanted = any(sibling.by_person and sibling.status == "approved" for sibling in same)
    if not wanted and any(sibling.by_person for sibling in spam):
        original = _first(sibling for sibling in spam if sibling.by_person)
        return _suspicion(
            "known_spam", "A moderator called the same text spam", original, KNOWN_SPAM
        )
    earlier = _earlier(facts.submission, same)
    if earlier:
        return _copy_of(facts, earlier)
    if wanted:
        return None
    if spam:
        return _suspicion(
            "suspected_spam", "The same text was called spam before", _first(spam), SUSPECTED_SPAM
        )
    refused = [sibling for sibling in same if sibling.by_person and sibling.status == "trash"]
    if refused:
        return _suspicion(
            "thrown_away", "A moderator threw the same text away", _first(refused), THROWN_AWAY
        )
    return None


def _copy_of(facts: Facts, earlier: list[Sibling]) -> Finding:
    original, length = _first(earlier), len(facts.words)
    if facts.submission.kind.is_linkback or length >= SHORT:  # a linkback's key says enough
        return _redundant(original, "exact")
    if length >= MIN_TEXT:
        mine = [sibling for sibling in earlier if _is_double_submit(facts, sibling)]
        if mine:
            return _redundant(_first(mine), "exact")
    reason = f"{_named(original)} says the same, as people do with short texts"
    return _suspicion("said_before", reason, original, SAID_BEFORE)


def _near_text(facts: Facts, alike: list[Sibling]) -> Finding | None:
    """What nearly repeats an earlier text; a reply may quote what it answers."""
    spam = [sibling for sibling in alike if sibling.status == "spam" and sibling.by_person]
    if spam:
        closest = max(spam, key=lambda sibling: sibling.similarity)
        share = f"{closest.similarity:.0%}"
        reason = f"A moderator called a text spam that is {share} the same"
        return _suspicion("near_known_spam", reason, closest, SUSPECTED_SPAM)
    parent = facts.submission.parent_id
    earlier = [
        sibling
        for sibling in _earlier(facts.submission, alike)
        if not parent or sibling.platform_id != parent
    ]
    if not earlier:
        return None
    earlier.sort(key=lambda sibling: -sibling.similarity)
    original = _whole_of(facts, earlier) if facts.submission.kind.is_linkback else None
    if original is not None:
        return _redundant(original, "near")
    reason = f"{earlier[0].similarity:.0%} the same text as {_named(earlier[0], start=False)}"
    return _suspicion("nearly_same", reason, earlier[0], NEARLY_SAME)


def _whole_of(facts: Facts, earlier: list[Sibling]) -> Sibling | None:
    """The first that holds this excerpt, or stands in it, where one of the two was cut."""
    words = facts.words
    if len(words) > LONGEST:
        return None
    is_mine_cut = is_cut(facts.submission.text)
    about_it = [s for s in earlier[:COMPARED] if s.text and s.page == facts.page_key]
    for sibling in sorted(about_it, key=_order):
        other = comparable(sibling.text) if len(sibling.text) <= LONGEST else ""
        is_part = (is_mine_cut and words in other) or (is_cut(sibling.text) and other in words)
        if is_part and len(other) >= MIN_NEAR:
            return sibling
    return None


def _order(one: Submission | Sibling) -> tuple[Precedence, str]:
    return (precedence(one.created_at, one.platform_id), one.id)


def _first(siblings: Iterable[Sibling]) -> Sibling:
    return min(siblings, key=_order)


def _earlier(submission: Submission, siblings: Iterable[Sibling]) -> list[Sibling]:
    """Those that came before this one and were not turned away."""
    here = _order(submission)
    return [s for s in siblings if s.status in STANDING and _order(s) < here]


def _is_double_submit(facts: Facts, sibling: Sibling) -> bool:
    mine = facts.author_key
    is_soon = facts.submission.created_at - sibling.created_at <= DOUBLE_SUBMIT
    return bool(mine) and mine == sibling.author_key and is_soon


def _named(sibling: Sibling, *, start: bool = True) -> str:
    when = f"{sibling.created_at:%Y-%m-%d %H:%M}"
    return f"{'Comment' if start else 'comment'} {sibling.platform_id} of {when}"


def _about(sibling: Sibling) -> Evidence:
    return {
        "original_platform_id": sibling.platform_id,
        "original_created_at": sibling.created_at.isoformat(),
        "similarity": round(sibling.similarity, 3),
    }


def _redundant(original: Sibling, how: str) -> Finding:
    alike = "The same text as" if how == "exact" else "Nearly the same text as"
    reason = f"{alike} {_named(original, start=False)}, which came first"
    evidence: Evidence = {"duplicate_of": original.id, "how": how, **_about(original)}
    return Finding(NAME, Signal.REDUNDANT, reason, code=NAME, evidence=evidence)


def _suspicion(code: str, reason: str, sibling: Sibling, weight: float) -> Finding:
    signal = Signal.SPAM if weight >= KNOWN_SPAM else Signal.SUSPECT
    evidence: Evidence = {"similar_to": sibling.id, **_about(sibling)}
    return Finding(NAME, signal, reason, code=code, weight=weight, evidence=evidence)
