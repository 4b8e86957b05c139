"""Carries out what an event does (domain/events/effects.py) to a row that the caller holds."""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.events.effects import (
    CountReport,
    Decide,
    Effect,
    Erase,
    NoEffect,
    NoteEdit,
    ReverifySource,
    Revise,
    StoreNew,
    StoreTombstone,
)
from moderator.storage.base.bulk_sql import InsertRows
from moderator.storage.base.database import Parameters, Statement
from moderator.storage.base.payload import dump
from moderator.storage.base.times import from_ms
from moderator.storage.copies import AffectedCopies, copies_of
from moderator.storage.counts import AUTHORS
from moderator.storage.decisions.write import write_decisions
from moderator.storage.intake.erasure import erase
from moderator.storage.queue import Queue
from moderator.storage.search import forget_words, keep_words
from moderator.storage.submission_rows import lock_submissions

ENQUEUE = InsertRows("queue", "job subject_id=id site_id due_at", ending="ON CONFLICT DO NOTHING")
# What of a row comes from the words and their author: written at first, and anew by an edit.
CONTENT = (
    "kind digest payload text_key author_key place_key address_key name_key target_key edited_as"
    " edited_at has_addresses has_words has_pages"
)
UPDATE = Statement(
    f"UPDATE submissions SET {', '.join(f'{name} = :{name}' for name in CONTENT.split())},"  # noqa: S608  # our own words
    " earlier = payload, status = 'queued', content_version = content_version + 1 WHERE id = :id"
)
NOTE = Statement(
    "UPDATE submissions SET edited_as = :edited_as, edited_at = :edited_at WHERE id = :id"
)
COUNT = Statement(
    "UPDATE submissions SET reports = reports + 1,"
    " listed = CASE WHEN :lists = 1 THEN 1 ELSE listed END,"
    " listed_version = CASE WHEN :lists = 1 THEN content_version ELSE listed_version END"
    " WHERE id = :id"
)
SET_REPORTS = Statement("UPDATE submissions SET reports = :reports WHERE id = :id")
BLOG_DECIDED = Statement(
    "UPDATE submissions SET blog_decided_as = :decided_as, blog_decided_at = :decided_at"
    " WHERE id = :id"
)
BURY = InsertRows(
    "submissions", "id site_id platform_id created_at=received_at received_at status erased_at"
)
UNQUEUE = Statement("DELETE FROM queue WHERE subject_id = :id AND job IN ('check', 'reach', 'ask')")


class Effects:
    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def carry_out(self, connection: Connection, effect: Effect, row: Parameters) -> None:
        match effect:
            case StoreNew():
                self._store(connection, effect, row)
            case Revise():
                with AUTHORS.keeping(connection, [str(row["id"])]):
                    UPDATE.run(connection, row | {"payload": dump(effect.submission)})
                forget_words(connection, [str(row["id"])])
                self._renew(connection, [(str(row["id"]), str(row["site_id"]))], row)
            case StoreTombstone():
                pass  # its row is all there is of it
            case Erase():
                self._erase(connection, row)
            case _:
                self._note(connection, effect, row)

    def _note(
        self,
        connection: Connection,
        effect: NoEffect | NoteEdit | CountReport | Decide | ReverifySource,
        row: Parameters,
    ) -> None:
        """What leaves the words as they are."""
        match effect:
            case NoEffect():
                pass
            case NoteEdit():
                NOTE.run(connection, row)
            case CountReport():
                COUNT.run(connection, {"id": row["id"], "lists": int(effect.lists)})
                if effect.lists:
                    keep_words(connection, [str(row["id"])])
            case Decide():
                UNQUEUE.run(connection, row)
                self._decide(connection, effect.decision_write)
                BLOG_DECIDED.run(connection, row)
            case ReverifySource():
                due = int(str(row["received_at"]))
                self._queue.reverify_now(connection, str(row["id"]), str(row["site_id"]), due)

    def _store(self, connection: Connection, effect: StoreNew, row: Parameters) -> None:
        """What goes beside the row, which is there already."""
        if effect.reports:
            SET_REPORTS.run(connection, {"id": row["id"], "reports": effect.reports})
        if effect.decision_write is None:
            ENQUEUE.run(connection, [row])
            return
        self._decide(connection, effect.decision_write)
        BLOG_DECIDED.run(connection, row)

    def _decide(self, connection: Connection, write: DecisionWrite) -> None:
        followers = AffectedCopies(connection, [write])
        held = lock_submissions(connection, followers.concerned)
        write_decisions(connection, [write])
        followers.judge_again(connection, self._queue, held, [write])

    def _erase(self, connection: Connection, row: Parameters) -> None:
        id_ = str(row["id"])
        copies = copies_of(connection, [id_])
        stored = lock_submissions(connection, [copy for copy, _ in copies])
        erase(connection, id_, int(str(row["received_at"])))
        self._renew(connection, [copy for copy in copies if copy[0] in stored], row)

    def _renew(
        self, connection: Connection, subjects: Sequence[tuple[str, str]], row: Parameters
    ) -> None:
        self._queue.renew(connection, subjects, from_ms(int(str(row["due_at"]))))
