"""What is judged again because something was decided about another: copies, and what was corrected.

When an original was refused or edited, those that were taken for its copies may stand for
themselves; when a correction is published, what it corrects gives way. A person's decision about
them stays.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from moderator.domain.copies.places import COPY_WINDOW, MAX_AT_PLACE
from moderator.domain.copies.rules import corrected
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.verdict import Verdict
from moderator.storage.base.bulk_sql import SelectIn, closest
from moderator.storage.queue import Queue
from moderator.storage.submission_rows import LockedSubmission, is_current

Subject = tuple[str, str]  # submission id, site id

COPIES = SelectIn(
    "SELECT id, site_id FROM submissions WHERE duplicate_of <> '' AND duplicate_of IN {many}"
    " AND has_words = 1"  # without words there is nothing to judge
)
DAY_MS = int(COPY_WINDOW.total_seconds()) * 1000
PLACES = SelectIn(
    "SELECT id, place_key, site_id, created_at FROM submissions"
    " WHERE id IN {many} AND place_key <> ''"
)
BEFORE = closest(
    "s.id, s.site_id",
    "s.place_key = k.column2 AND s.place_key <> '' AND s.site_id = k.column3"
    " AND s.created_at BETWEEN k.column4 AND k.column5 AND s.id <> k.column1 AND s.has_words = 1",
    "s.created_at DESC, s.id DESC",
    MAX_AT_PLACE,
)


def copies_of(connection: Connection, ids: Iterable[str]) -> list[Subject]:
    """(id, site) of what was called a copy of these, to be held with them and judged again."""
    return [(row[0], row[1]) for row in COPIES.run(connection, sorted(set(ids)))]


def before_at_place(connection: Connection, ids: Iterable[str]) -> list[Subject]:
    """What the same hands sent to the same places within a day before: the closest in time."""
    places = PLACES.run(connection, sorted(set(ids)))
    asked = [(id_, key, site_id, at - DAY_MS, at) for id_, key, site_id, at in places]
    return [(row[1], row[2]) for row in BEFORE.run(connection, asked)]


class AffectedCopies:
    """The submissions whose judgement depends on these decisions; made before any row is locked."""

    def __init__(self, connection: Connection, writes: Sequence[DecisionWrite]) -> None:
        self._originals = {o.recorded.submission_id: _original(o) for o in writes if _original(o)}
        self._known = {*copies_of(connection, _left(writes)), *_corrected(writes)}
        self._known.update(before_at_place(connection, _published_by_person(writes)))

    @property
    def concerned(self) -> set[str]:
        """Whose rows must be locked too: affected ones, and the originals of copies."""
        return {*(id_ for id_, _ in self._known), *self._originals.values()}

    def may_stand(self, write: DecisionWrite, held: Mapping[str, LockedSubmission]) -> bool:
        """Whether nothing happened meanwhile: to it, or to the original of a copy."""
        original = _original(write)
        if original and not _is_original(held.get(original)):
            return False
        return is_current(write, held.get(write.recorded.submission_id))

    def judge_again(
        self,
        connection: Connection,
        queue: Queue,
        held: Mapping[str, LockedSubmission],
        writes: Sequence[DecisionWrite],
    ) -> None:
        """Queue affected submissions for a new judgement."""
        if not writes:
            return
        followers = {*copies_of(connection, _left(writes)), *_corrected(writes)}
        if _published_by_person(writes):
            followers |= self._known
        again = [each for each in followers if each[0] in held]
        if again:
            queue.renew(connection, again, queue.now())


def _original(write: DecisionWrite) -> str:
    return write.recorded.decision.duplicate_of


def _is_original(held: LockedSubmission | None) -> bool:
    if held is None or held.status == "spam":
        return False
    return held.status != "trash" or bool(held.duplicate_of)


def _left(writes: Iterable[DecisionWrite]) -> list[str]:
    """Of whom nobody may be a copy any more, or by other words: refused, or edited."""
    return [
        write.recorded.submission_id
        for write in writes
        if write.recorded.content_version > 1
        or write.recorded.decision.verdict is Verdict.SPAM
        or (write.recorded.decision.verdict is Verdict.DISCARD and not _original(write))
    ]


def _corrected(writes: Iterable[DecisionWrite]) -> set[Subject]:
    """What published corrections correct."""
    return {
        (id_, write.site_id)
        for write in writes
        if write.recorded.decision.verdict is Verdict.APPROVE
        for id_ in corrected(write.findings)
    }


def _published_by_person(writes: Iterable[DecisionWrite]) -> list[str]:
    return [
        write.recorded.submission_id
        for write in writes
        if write.recorded.decision.verdict is Verdict.APPROVE
        and write.recorded.decision.decided_by.kind.is_person
    ]
