"""Duplicates, what the same hand sent again at the same place: which one stays.

All that one hand sent under one post and parent within the time given, or that one source sent for
one target, is put into the order in which it was written. Of those that say nearly the same,
1. who says the very same as the one before it sent it twice: a copy of that one;
2. who is followed by a published one in slightly other words was corrected: the later one stays;
3. all others stay.
So a double click leaves the first, a correction the last, and nothing is judged by who came first
to us. What was refused for its content (spam, trash) is neither an original nor a copy.

The verdict, and excerpts of linkbacks under other addresses, are in checks/duplicate.py; how near
two texts must be in content/fingerprint.py (MIN_NEAR).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from moderator.domain.check import Context, Sibling
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import MIN_NEAR
from moderator.domain.copies.places import COPY_WINDOW
from moderator.domain.finding import Finding
from moderator.domain.policy import is_redundant
from moderator.domain.submission import Submission

# Which of two submissions came first: by the blog's time, then by the blog's own id.
Precedence = tuple[datetime, int, str]


def precedence(created_at: datetime, platform_id: str) -> Precedence:
    """A sort key; numeric ids compare as numbers, and before others."""
    if platform_id.isascii() and platform_id.isdigit() and len(platform_id) <= 18:  # noqa: PLR2004
        return (created_at, int(platform_id), "")
    return (created_at, 1 << 62, platform_id)


SHORT_TEXT_LETTERS = (
    40  # folded letters below which a hand may well say the same again on the same day
)
DOUBLE_CLICK_WINDOW = timedelta(minutes=10)  # a double click, however short
MIN_SHARED_PAIRS = 0.8  # of the pairs of letters: nearly the same words
MAX_COMPARED_LETTERS = 4_000  # letters of a text that is compared pair by pair
SALUTATION_WORDS = 3  # words in which somebody is spoken to: another name there is another message
SALUTATION_LETTERS = 16
REJUDGED_STATUSES = frozenset(
    {"queued", "approved", "hold", "trash"}
)  # by rule: a copy of a later one
CORRECTS = "corrects"  # in a finding's evidence: our ids of those that give way


@dataclass(frozen=True, slots=True)
class Repetition:
    """What a submission repeats at its place: `copy_of` came before, `corrected_by` later.

    `corrects` are earlier ones that become redundant once this one is approved.
    """

    copy_of: Sibling | None = None
    corrected_by: Sibling | None = None
    corrects: tuple[Sibling, ...] = ()


NO_REPETITION = Repetition()


def order(one: Submission | Sibling) -> tuple[Precedence, str]:
    """The order in which siblings were written: by the blog's time, then by the ids."""
    return (precedence(one.created_at, one.platform_id), one.id)


def repetition_of(facts: Facts, at_place: Sequence[Sibling]) -> Repetition:
    """Which siblings at the same place it copies or corrects, or is corrected by."""
    here = order(facts.submission)
    related = [each for each in at_place if not each.is_refused and _is_related(facts, each)]
    before = sorted((each for each in related if order(each) < here), key=order)
    after = sorted((each for each in related if order(each) > here), key=order)
    if before and _is_same(facts, before[-1]):
        return Repetition(copy_of=_first_of_run(facts, before))
    if any(not _is_same(facts, each) for each in after):
        last = next((each for each in _last_words(after) if each.status == "approved"), None)
        if last is not None:
            return Repetition(corrected_by=last)
    corrects = tuple(each for each in before if not _is_same(facts, each))
    return Repetition(corrects=corrects) if corrects else NO_REPETITION


def may_be_copies(
    submission: Submission, context: Context, findings: Sequence[Finding]
) -> tuple[str, ...]:
    """Our ids of those that must be judged again, knowing this one.

    A copy changes the judgement of none but those that stand at its place.
    """
    if is_redundant(findings):
        around = [sibling for sibling in context.at_place if sibling.is_standing]
    else:
        alike = context.siblings if submission.kind.is_linkback else ()
        around = [*alike, *context.at_place]
    return tuple(sibling.id for sibling in around if _may_be_copy(sibling, submission))


def _may_be_copy(sibling: Sibling, submission: Submission) -> bool:
    """Whether a sibling that was judged, or is being judged, must be judged again knowing this one.

    Events overtake each other: the original may arrive after its copy was published. What another
    hand sent is no copy, unless it is a linkback, and only an excerpt is one that is nearly so.
    """
    if sibling.similarity < 1 and not sibling.page:
        return False
    came_first = precedence(submission.created_at, submission.platform_id)
    is_later = precedence(sibling.created_at, sibling.platform_id) > came_first
    return is_later and not sibling.by_person and sibling.status in REJUDGED_STATUSES


def corrected(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Our ids of those that one with these findings corrects."""
    named = [finding.evidence[CORRECTS] for finding in findings if CORRECTS in finding.evidence]
    return tuple(str(id_) for ids in named if isinstance(ids, list | tuple) for id_ in ids)


def _is_same(facts: Facts, other: Sibling) -> bool:
    """A source that speaks for one target by two protocols says one thing."""
    linkback = facts.submission.linkback
    is_other_way = linkback is not None and linkback.protocol != other.protocol
    return is_other_way or other.said == facts.said


def _first_of_run(facts: Facts, before: Sequence[Sibling]) -> Sibling:
    """The first of those at the end that all say the same, rather one that stands."""
    run = [before[-1]]
    for each in reversed(before[:-1]):
        if not _is_same(facts, each):
            break
        run.append(each)
    return next((each for each in reversed(run) if each.is_standing), run[-1])


def _last_words(after: Sequence[Sibling]) -> list[Sibling]:
    """Those at the end that all say the same, in order."""
    start = len(after) - 1
    while start and after[start - 1].said == after[-1].said:
        start -= 1
    return list(after[start:])


def _is_related(facts: Facts, other: Sibling) -> bool:
    submission = facts.submission
    if submission.linkback is not None:
        return True
    letters = min(len(facts.words), len(other.words))
    time = abs(submission.created_at - other.created_at)
    if time > (COPY_WINDOW if letters >= SHORT_TEXT_LETTERS else DOUBLE_CLICK_WINDOW):
        return False
    if facts.said == other.said:
        return True
    return letters >= MIN_NEAR and is_corrected(facts.words, other.words)


def is_corrected(words: str, others: str) -> bool:
    """Whether one of two texts may be a correction of the other: nearly the same words, to all.

    Whoever thanks Ann and then Bob in the same words corrects nothing.
    """
    if words == others:
        return True
    if max(len(words), len(others)) > MAX_COMPARED_LETTERS or _spoken_to(words) != _spoken_to(
        others
    ):
        return False
    mine, theirs = _pairs(words), _pairs(others)
    shared = (mine & theirs).total()
    return 2 * shared >= MIN_SHARED_PAIRS * (mine.total() + theirs.total())


def _spoken_to(words: str) -> str:
    """How a text begins, whatever the numbers in it."""
    start = " ".join(words[:SALUTATION_LETTERS].split()[:SALUTATION_WORDS])
    return "".join("0" if letter.isdigit() else letter for letter in start)


def _pairs(words: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words))
