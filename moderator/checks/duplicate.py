"""Did this site get the same before? A copy is what one hand sends twice, not what two people mean.

In this order:
1. the blog's own staff may say a thing as often as they like;
2. a person called the same text spam -> spam. But a few words that anybody may say (_is_anybodys)
   condemn nobody else who says them: suspect where a stranger brings a page or a link as well, else
   nothing. The same exception holds for 5. and for near copies;
3. the same hand sent it before, under the same post and parent, or corrected it later; or the same
   source spoke for the same target by another protocol (domain/copies/rules.py) -> redundant;
4. a linkback's excerpt came before, for the same target from another address -> redundant. Of all
   these one survives: the earliest by the blog's time and id, in whatever order they arrive;
5. the same text was called spam automatically, or thrown away by a person -> suspect;
6. somebody said the same -> suspect, and hardly weighed: people mean the same things;
7. of a linkback, an excerpt that was cut and stands in one that came first, or the other way round,
   for the same target -> redundant; whatever else came first and is nearly the same -> suspect;
8. near copies could not be looked up -> unavailable.
A like, a repost or a bookmark says nothing by its text.
"""

from collections.abc import Iterable
from dataclasses import replace

from moderator.domain.check import Context, Sibling
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import MIN_NEAR, MIN_TEXT, WORDLESS, comparable, is_cut
from moderator.domain.copies.rules import CORRECTS, Repetition, order, repetition_of
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.submission import Submission

NAME = "duplicate"
NEAR = 0.5
FEW = 40  # bytes of folded words that anybody may say: "thank you for sharing"
COMPARED = 8  # near texts whose words are looked at: the closest
MAX_EXCERPT_CHARACTERS = 4_000  # characters of an excerpt: what is longer was not cut

KNOWN_SPAM = 0.95
SUSPECTED_SPAM = 0.5
THROWN_AWAY = 0.4
SAID_BEFORE = 0.05  # by another, or nearly so
UNKNOWN = Finding(
    NAME,
    Signal.UNAVAILABLE,
    "Texts that are nearly the same could not be looked up",
    code="near_unknown",
)
UNIQUE = Finding(NAME, Signal.NEUTRAL, "No other comment has this text")
OWN = Finding(NAME, Signal.NEUTRAL, "The blog's own people may say a thing twice", code="own_staff")


class Duplicate:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        if submission.author.is_staff:
            return OWN
        unlike = UNIQUE if context.is_near_known else UNKNOWN
        if not context.siblings and not context.at_place:
            return unlike
        facts = context.about(submission)
        said = repetition_of(facts, context.at_place)
        passed_over = {submission.id, *(sibling.id for sibling in said.corrects)}
        siblings = [each for each in context.siblings if each.id not in passed_over]
        if _is_anybodys(facts):
            siblings = _telling(facts, context, siblings)
        same = [sibling for sibling in siblings if sibling.similarity >= 1]
        alike = [sibling for sibling in siblings if NEAR <= sibling.similarity < 1]
        finding = _known_spam(same) or _sent_again(facts, said) or _same_text(facts, same)
        if finding is None and len(facts.words) >= MIN_NEAR and not _is_wordless(submission):
            finding = _near_text(facts, alike)
        return _with_corrected(facts, said, finding or unlike)


def _is_anybodys(facts: Facts) -> bool:
    """Whether the words are so few that people say them who know nothing of each other.

    Even fewer have no key of their own: what is the same then is the host of a link.
    """
    words = facts.words
    is_few = len(words) >= MIN_TEXT and len(words.encode()) < FEW
    return is_few and not facts.submission.kind.is_linkback


def _telling(facts: Facts, context: Context, siblings: list[Sibling]) -> list[Sibling]:
    """The siblings, without what a person's word about others has no say in."""
    leads_away = bool(facts.link_hosts) or facts.has_page
    if leads_away and not context.knows(facts.submission.author):
        return [_softened(each, facts) for each in siblings]
    return [each for each in siblings if not _is_of_another(each, facts)]


def _softened(sibling: Sibling, facts: Facts) -> Sibling:
    return replace(sibling, by_person=False) if _is_of_another(sibling, facts) else sibling


def _is_of_another(sibling: Sibling, facts: Facts) -> bool:
    """Whether it was refused, and another hand wrote it."""
    pairs = ((sibling.author_key, facts.author_key), (sibling.address_key, facts.address_key))
    return sibling.is_refused and not any(theirs and theirs == mine for theirs, mine in pairs)


def _is_wordless(submission: Submission) -> bool:
    linkback = submission.linkback
    return linkback is not None and linkback.relation in WORDLESS


def _is_wanted(same: list[Sibling]) -> bool:
    return any(sibling.by_person and sibling.status == "approved" for sibling in same)


def _known_spam(same: list[Sibling]) -> Finding | None:
    spam = [sibling for sibling in same if sibling.status == "spam" and sibling.by_person]
    if not spam or _is_wanted(same):
        return None
    reason = "A moderator called the same text spam"
    return _suspicion("known_spam", reason, _first(spam), KNOWN_SPAM)


def _sent_again(facts: Facts, said: Repetition) -> Finding | None:
    if said.copy_of is not None:
        what = "text" if facts.submission.linkback is None else "source and target"
        reason = f"The same {what} as {_named(said.copy_of, start=False)}, which came first"
        return _redundant(said.copy_of, "again", reason)
    if said.corrected_by is not None:
        reason = f"Corrected by {_named(said.corrected_by, start=False)}, which stays"
        return _redundant(said.corrected_by, "corrected", reason)
    return None


def _with_corrected(facts: Facts, said: Repetition, finding: Finding) -> Finding:
    """Say which earlier ones give way once this one is published."""
    if not said.corrects or finding.signal is Signal.REDUNDANT:
        return finding
    corrected = said.corrects[-1]
    evidence: Evidence = finding.evidence | {CORRECTS: [each.id for each in said.corrects]}
    if finding.weight or finding.signal is Signal.UNAVAILABLE:
        return replace(finding, evidence=evidence)
    evidence |= {"similar_to": corrected.id, "same_words": corrected.words == facts.words}
    reason = f"It corrects {_named(corrected, start=False)}"
    return replace(finding, reason=reason, code=CORRECTS, evidence=evidence)


def _same_text(facts: Facts, same: list[Sibling]) -> Finding | None:
    earlier = _earlier(facts.submission, same)
    if earlier and facts.submission.kind.is_linkback:
        original = _first(earlier)
        reason = f"The same text as {_named(original, start=False)}, which came first"
        return _redundant(original, "exact", reason)
    if earlier:
        original = _first(earlier)
        reason = f"{_named(original)} says the same, as people do"
        return _suspicion("said_before", reason, original, SAID_BEFORE)
    return None if _is_wanted(same) else _refused_before(same)


def _refused_before(same: list[Sibling]) -> Finding | None:
    spam = [sibling for sibling in same if sibling.status == "spam"]
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
        reason = f"Nearly the same text as {_named(original, start=False)}, which came first"
        return _redundant(original, "near", reason)
    reason = f"{earlier[0].similarity:.0%} the same text as {_named(earlier[0], start=False)}"
    return _suspicion("nearly_same", reason, earlier[0], SAID_BEFORE)


def _whole_of(facts: Facts, earlier: list[Sibling]) -> Sibling | None:
    """The first that holds this excerpt, or stands in it, where one of the two was cut."""
    words = facts.words
    if len(words) > MAX_EXCERPT_CHARACTERS:
        return None
    is_mine_cut = is_cut(facts.submission.text)
    about_it = [s for s in earlier[:COMPARED] if s.text and s.page == facts.page_key]
    for sibling in sorted(about_it, key=order):
        other = comparable(sibling.text) if len(sibling.text) <= MAX_EXCERPT_CHARACTERS else ""
        is_part = (is_mine_cut and words in other) or (is_cut(sibling.text) and other in words)
        if is_part and len(other) >= MIN_NEAR:
            return sibling
    return None


def _first(siblings: Iterable[Sibling]) -> Sibling:
    return min(siblings, key=order)


def _earlier(submission: Submission, siblings: Iterable[Sibling]) -> list[Sibling]:
    """Those that came before this one and were not turned away."""
    here = order(submission)
    return [s for s in siblings if s.is_standing and order(s) < here]


def _named(sibling: Sibling, *, start: bool = True) -> str:
    when = f"{sibling.created_at:%Y-%m-%d %H:%M}"
    return f"{'Comment' if start else 'comment'} {sibling.platform_id} of {when}"


def _about(sibling: Sibling) -> Evidence:
    return {
        "original_platform_id": sibling.platform_id,
        "original_created_at": sibling.created_at.isoformat(),
        "similarity": round(sibling.similarity, 3),
    }


def _redundant(original: Sibling, how: str, reason: str) -> Finding:
    evidence: Evidence = {"duplicate_of": original.id, "how": how, **_about(original)}
    return Finding(NAME, Signal.REDUNDANT, reason, code=NAME, evidence=evidence)


def _suspicion(code: str, reason: str, sibling: Sibling, weight: float) -> Finding:
    signal = Signal.SPAM if weight >= KNOWN_SPAM else Signal.SUSPECT
    evidence: Evidence = {"similar_to": sibling.id, **_about(sibling)}
    return Finding(NAME, signal, reason, code=code, weight=weight, evidence=evidence)
