"""What a transaction wrote, to be told once it is committed."""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.decisions.metrics import Note

NOTES = "notes"  # in what SQLAlchemy keeps with a connection


def begin_notes(connection: Connection) -> list[Note]:
    """A list of this transaction alone: what `note` adds to."""
    connection.info[NOTES] = notes = list[Note]()
    return notes


def note(connection: Connection, notes: Sequence[Note]) -> None:
    """Have the database's owner hear of this once the transaction is committed."""
    connection.info[NOTES].extend(notes)
