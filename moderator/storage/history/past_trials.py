"""What people decided although nothing was found: imported ones, and what they look like today."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from moderator.domain.history.record import PastVerdict
from moderator.domain.queue import Job, Ticket
from moderator.domain.rules.thresholds import PastTrial
from moderator.domain.verdict import VERDICT_OF_STATUS, Verdict
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.payload import dump, load_past_trial, load_submission
from moderator.storage.base.times import to_ms
from moderator.storage.rules import END_TICKET, HOLDS_TICKET, ask_for_run
from moderator.storage.schema.tables import past_trials, queue

SITE = "site-"  # before a site's id, in the queue that has the ids of rules as well
AMONG = 5_000  # of what people decided: the newest
# Among so many, and not until enough are found: most sites have few, or nothing else.
UNJUDGED = Statement(
    "SELECT chosen.payload, chosen.status FROM (SELECT s.id, s.payload, s.status FROM submissions s"
    " WHERE s.site_id = :site_id AND s.decided_by IN ('moderator', 'blog')"
    " AND s.status IN ('approved', 'spam') AND s.has_words = 1 ORDER BY s.id DESC"
    " LIMIT :among) chosen"
    " WHERE NOT EXISTS (SELECT 1 FROM decisions r"
    " WHERE r.submission_id = chosen.id AND r.decided_by = 'rule')"
    " ORDER BY chosen.id DESC LIMIT :limit"
)
NUMBER = Statement(
    "SELECT count(*) FROM (SELECT s.id FROM submissions s"
    " WHERE s.site_id = :site_id AND s.decided_by IN ('moderator', 'blog')"
    " AND s.status IN ('approved', 'spam') AND s.has_words = 1 ORDER BY s.id DESC"
    " LIMIT :limit) chosen"
    " WHERE NOT EXISTS (SELECT 1 FROM decisions r"
    " WHERE r.submission_id = chosen.id AND r.decided_by = 'rule')"
)


class PastTrialRows:
    """Honours usecases.rules.thresholds.TrialStore and usecases.offline.judge_past.PastStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def number(self, site_id: str, most: int) -> int:
        with self._database.read() as connection:
            wanted = {"site_id": site_id, "limit": most}
            return int(NUMBER.run(connection, wanted).scalar_one())

    def unjudged(self, site_id: str, limit: int) -> Sequence[PastVerdict]:
        wanted = {"site_id": site_id, "limit": limit, "among": AMONG}
        with self._database.read() as connection:
            rows = UNJUDGED.run(connection, wanted).all()
        return [
            PastVerdict(load_submission(row[0]), Verdict.HOLD, 0.0, (), VERDICT_OF_STATUS[row[1]])
            for row in rows
        ]

    def trial(self, site_id: str) -> PastTrial | None:
        wanted = select(past_trials.c.payload).where(past_trials.c.site_id == site_id)
        with self._database.read() as connection:
            payload = connection.scalar(wanted)
        return None if payload is None else load_past_trial(payload)

    def is_awaited(self, site_id: str) -> bool:
        wanted = select(queue.c.id).where(
            queue.c.job == Job.DRY_RUN.value, queue.c.subject_id == f"{SITE}{site_id}"
        )
        with self._database.read() as connection:
            return connection.scalar(wanted) is not None

    def ask(self, site_id: str, now: datetime) -> None:
        with self._database.write() as connection:
            ask_for_run(connection, f"{SITE}{site_id}", site_id, now)

    def save(self, ticket: Ticket, trial: PastTrial | None) -> None:
        """Keep what came of it (None: nothing new), and end the work; nothing where the lease was
        lost.
        """
        held = {"row": ticket.row, "token": ticket.token}
        column = past_trials.c
        with self._database.write() as connection:
            if HOLDS_TICKET.run(connection, held).first() is None:
                return
            END_TICKET.run(connection, held)
            if trial is not None:
                connection.execute(delete(past_trials).where(column.site_id == ticket.site_id))
                row = {"payload": dump(trial), "judged_at": to_ms(trial.judged_at)}
                connection.execute(insert(past_trials).values(site_id=ticket.site_id, **row))
