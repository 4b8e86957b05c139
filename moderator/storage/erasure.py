"""Erases what a comment said and who said it; that it existed, and what was decided, stays."""

from sqlalchemy import Connection

from moderator.storage.campaigns import leave
from moderator.storage.database import Statement
from moderator.storage.queue import unqueue

BLANK = Statement(
    "UPDATE submissions SET status = 'erased', payload = '', text_key = '', author_key = '',"
    " digest = '' WHERE id = :id"
)
BLANK_DECISIONS = Statement(
    "UPDATE decisions SET reasons = '[]', findings = '[]' WHERE submission_id = :id"
)
BLANK_DELIVERIES = Statement("DELETE FROM deliveries WHERE submission_id = :id")
FORGET_RULINGS = Statement("DELETE FROM host_rulings WHERE submission_id = :id")


def erase(connection: Connection, submission_id: str) -> None:
    unqueue(connection, submission_id)
    for statement in (FORGET_RULINGS, BLANK_DELIVERIES, BLANK_DECISIONS, BLANK):
        statement.run(connection, {"id": submission_id})
    leave(connection, submission_id)
