"""Writes what people note about submissions."""

from sqlalchemy import insert, select

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import Note
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.schema.tables import notes, submissions


class NoteRows:
    """Honours usecases/moderate/notes.py NoteStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, note: Note, site_id: str) -> None:
        row = submissions.c
        there = select(row.id).where(row.id == note.submission_id, row.status != "erased")
        with self._database.write() as connection:
            if connection.scalar(there.with_for_update()) is None:
                raise NotFoundError("There is no such submission")
            connection.execute(
                insert(notes).values(
                    id=note.id,
                    site_id=site_id,
                    submission_id=note.submission_id,
                    moderator_id=note.by.id,
                    moderator_name=note.by.name,
                    words=note.words,
                    written_at=to_ms(note.written_at),
                )
            )
