"""The part of a working day in which Akismet is told what people decided otherwise."""

from datetime import timedelta

from moderator.domain.queue import Job
from moderator.storage.base.database import Database
from moderator.storage.learning.feedback import FeedbackRows
from moderator.storage.queue import Queue


def send_feedback(database: Database, name: str) -> None:
    """Some are told."""
    rows = FeedbackRows(database)
    lease = timedelta(seconds=30)
    tickets = Queue(database).claim(Job.SEND_FEEDBACK, 20, token=f"{name}-feedback", lease=lease)
    rows.feedback(f"{ticket.subject_id}-1" for ticket in tickets[:3])
    rows.done([(ticket, "spam") for ticket in tickets])
