"""What judging reads and writes: stored submissions, siblings, histories, decisions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from moderator.domain.check import AuthorHistory, Sibling
from moderator.domain.content.facts import Mask
from moderator.domain.copies.places import CopyPlace
from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import Campaign, CampaignMember
from moderator.domain.history.crowd import CrowdQuery, Neighbours
from moderator.domain.history.reputation import Reputation
from moderator.domain.linkback.source_content import ReadSource
from moderator.domain.queue import StoredSubmission, Ticket
from moderator.domain.submission import Submission
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.payload import load_submission
from moderator.storage.base.times import from_ms
from moderator.storage.campaigns import CampaignJoins, CampaignRows
from moderator.storage.copies import AffectedCopies
from moderator.storage.counts import AUTHORS, PERSONS, mean_time
from moderator.storage.decisions.acts import ActRows, Ruled
from moderator.storage.decisions.write import write_decisions
from moderator.storage.judging.crowds import CrowdRows
from moderator.storage.judging.phrases import PhraseRows, keep_phrases
from moderator.storage.judging.siblings import SiblingRows
from moderator.storage.learning.host_rulings import HostKey, HostRulingRows
from moderator.storage.queue import Queue
from moderator.storage.search import keep_again
from moderator.storage.submission_rows import (
    STORED_COLUMNS,
    content_row,
    lock_submissions,
    stored_submission,
)

STORED = SelectIn(
    f"SELECT {STORED_COLUMNS} FROM submissions WHERE id IN {{many}} AND status <> 'erased'"  # noqa: S608  # our own words
)
HISTORIES = SelectIn(
    "SELECT c.site_id, c.author_key, c.month, c.status, c.by_person, c.number, c.late"
    " FROM (VALUES {rows}) AS k CROSS JOIN author_counts c"
    " WHERE c.site_id = k.column1 AND c.author_key = k.column2"
)
FIRST_SEEN = SelectIn(
    "SELECT k.column1, k.column2, (SELECT min(s.created_at) FROM submissions s"
    " WHERE s.site_id = k.column1 AND s.author_key = k.column2),"
    " (SELECT min(s.received_at) FROM submissions s WHERE s.site_id = k.column1"
    " AND s.author_key = k.column2 AND s.status = 'approved' AND s.reports = 0)"
    " FROM (VALUES {rows}) AS k"
)
RECEIVED_AFTER = Statement(
    "SELECT payload FROM submissions WHERE id > :id AND payload <> '' ORDER BY id LIMIT :limit"
)

APPROVED = Statement(
    "SELECT payload, decided_by FROM submissions WHERE site_id = :site_id AND status = 'approved'"
    " ORDER BY received_at DESC LIMIT :limit"
)

LEARN = Statement(
    "UPDATE submissions SET earlier = CASE WHEN digest = :digest THEN earlier ELSE payload END,"
    " payload = :payload, text_key = :text_key, author_key = :author_key,"
    " place_key = :place_key, address_key = :address_key, name_key = :name_key, digest = :digest,"
    " has_addresses = :has_addresses, has_words = :has_words, has_pages = :has_pages,"
    " content_version = content_version + CASE WHEN digest = :digest THEN 0 ELSE 1 END"
    " WHERE id = :id AND status <> 'erased'"
)


TextKey = tuple[str, str]  # site id, key
Joining = Mapping[
    str, tuple[CampaignMember, ...]
]  # by the submission whose judgement made them join
Phrases = Mapping[str, tuple[int, ...]]  # keys by submission
NOBODY: Joining = MappingProxyType({})
NOTHING: Phrases = MappingProxyType({})


class JudgingRows:
    """`is_trial` is for judging what is not stored."""

    def __init__(self, database: Database, *, is_trial: bool = False) -> None:
        self._database = database
        self._queue = Queue(database)
        self._rulings = HostRulingRows(database)
        self._campaigns = CampaignRows(database)
        self._siblings = SiblingRows(database, is_trial=is_trial)
        self._phrases = PhraseRows(database)
        self._acts = ActRows(database)
        self._crowds = CrowdRows(database)

    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]:
        """Stored submissions by id, without erased ones."""
        with self._database.read() as connection:
            rows = STORED.run(connection, list(ids))
        found = (stored_submission(row) for row in rows)
        return {stored.submission.id: stored for stored in found}

    def same_text(self, keys: Iterable[TextKey]) -> dict[TextKey, tuple[Sibling, ...]]:
        return self._siblings.same_text(keys)

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]:
        return self._siblings.by_id(ids)

    def at_place(self, asked: Iterable[CopyPlace]) -> dict[str, tuple[Sibling, ...]]:
        return self._siblings.at_place(asked)

    def neighbours(self, asked: Iterable[CrowdQuery]) -> Neighbours:
        return self._crowds.neighbours(asked)

    def received_after(self, id_: str, limit: int) -> list[Submission]:
        """The next submissions in the order of their ids, which is that of their arrival."""
        with self._database.read() as connection:
            rows = RECEIVED_AFTER.run(connection, {"id": id_, "limit": limit}).all()
        return [load_submission(str(row[0])) for row in rows]

    def histories(self, keys: Iterable[TextKey], now: datetime) -> dict[TextKey, AuthorHistory]:
        """What was decided about these authors (site id, author key) before."""
        wanted = [key for key in set(keys) if key[1]]
        if not wanted:
            return {}
        with self._database.read() as connection:
            rows = HISTORIES.run(connection, wanted)
            seen = FIRST_SEEN.run(connection, wanted)
        found = {
            (site_id, author): AuthorHistory(
                first_seen=from_ms(first),
                published_at=None if published is None else from_ms(published),
            )
            for site_id, author, first, published in seen
            if first is not None
        }
        for site_id, author, month, status, by_person, number, late in rows:
            before = found.get((site_id, author), AuthorHistory())
            found[site_id, author] = before.after(
                status,
                by_person=bool(by_person),
                count=number,
                made=mean_time(month, number, late),
                now=now,
            )
        return found

    def approved(self, site_id: str, limit: int) -> list[tuple[Submission, bool]]:
        """What stands approved, the latest arrivals first, and whether a person approved it."""
        with self._database.read() as connection:
            rows = APPROVED.run(connection, {"site_id": site_id, "limit": limit}).all()
        return [(load_submission(str(row[0])), row[1] in PERSONS) for row in rows]

    def reputations(self, keys: Iterable[HostKey], now: datetime) -> dict[HostKey, Reputation]:
        """What people decided about these hosts (site id, host) before."""
        return self._rulings.reputations(keys, now)

    def mask(self, key: str) -> str:
        return self._database.mask(key)

    def campaigns(self, ids: Iterable[str]) -> dict[str, Campaign]:
        return self._campaigns.campaigns(ids)

    def first_anywhere(self, ids: Iterable[str]) -> dict[str, str]:
        return self._campaigns.first_anywhere(ids)

    def holders(self, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
        return self._phrases.holders(keys)

    def in_force(self, wanted: Iterable[Ruled], now: datetime) -> dict[Ruled, AdvanceRuling]:
        return self._acts.in_force(wanted, now)

    @again_after_deadlock
    def finish(
        self,
        decided: Sequence[tuple[Ticket, DecisionWrite | None]],
        to_remote: Sequence[tuple[Ticket, tuple[Finding, ...], str]],
        rejudge: Sequence[tuple[str, str]],
        joining: Joining = NOBODY,
        phrases: Phrases = NOTHING,
    ) -> int:
        """Write a batch; return how many decisions were written.

        `decided` deletes queue rows (None instead of a DecisionWrite leaves the latest decision as
        it is), `to_remote` makes rows due for the remote checks, `rejudge` queues (submission,
        site)s for a new judgement. Tickets whose lease is lost are left out (the fence). A decision
        about a submission that changed meanwhile is dropped, and its row is due again. `joining`
        says who joins a campaign by the judgement of each submission, `phrases` by what others
        that say it in other words will find it.

        `rejudge` comes first, in a transaction of its own: two workers that wanted each other's
        rows would deadlock. If the process dies between the two, copies are judged once too often.
        """
        self._judge_again(rejudge)
        with self._database.write() as connection:
            tickets = [*(ticket for ticket, _ in decided), *(ticket for ticket, *_ in to_remote)]
            join = CampaignJoins(joining, tickets)
            followers = AffectedCopies(connection, [o for _, o in decided if o is not None])
            stored = lock_submissions(connection, {*join.concerned, *followers.concerned})
            self._queue.lock_rows(connection, tickets)
            current = [(t, o) for t, o in decided if o is None or followers.may_stand(o, stored)]
            held = self._queue.fence(connection, [ticket for ticket, _ in current])
            writes = [o for ticket, o in current if ticket.row in held and o is not None]
            write_decisions(connection, writes)
            if len(current) < len(decided):
                fresh = {ticket.row for ticket, _ in current}
                self._queue.due_again(connection, [t for t, _ in decided if t.row not in fresh])
            held |= self._queue.to_remote(connection, to_remote)
            join.write(connection, held, stored)
            keep_phrases(connection, phrases, tickets, held, stored)
            followers.judge_again(connection, self._queue, stored, writes)
        return len(writes)

    def _judge_again(self, subjects: Sequence[tuple[str, str]]) -> None:
        if not subjects:
            return
        now = self._database.now()
        with self._database.write() as connection:
            stored = lock_submissions(connection, (submission_id for submission_id, _ in subjects))
            self._queue.renew(connection, [key for key in subjects if key[0] in stored], now)

    @again_after_deadlock
    def store_source_content(self, learned: Sequence[tuple[Ticket, ReadSource]]) -> None:
        """Store what was said outside, and have it judged; not about a text that was edited since.

        Then its row is due again.
        """
        with self._database.write() as connection:
            held = lock_submissions(connection, [ticket.subject_id for ticket, _ in learned])
            self._queue.lock_rows(connection, [ticket for ticket, _ in learned])
            for ticket, said in learned:
                stored = held.get(ticket.subject_id)
                if stored is None or stored.content_version != said.content_version:
                    self._queue.due_again(connection, [ticket])
                elif self._queue.to_local(connection, ticket, said.findings):
                    write_content(connection, said.submission, self._database.mask)


def write_content(connection: Connection, submission: Submission, mask: Mask) -> None:
    """Replace what a submission says; its status stays, and if the words change it is a version.

    The caller holds the row.
    """
    with AUTHORS.keeping(connection, [submission.id]):
        LEARN.run(connection, content_row(submission, mask) | {"id": submission.id})
    keep_again(connection, submission.id)
