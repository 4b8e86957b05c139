"""The log of what owners did."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, insert, select
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.pages.audit import AuditAct, AuditLine, AuditQuery
from moderator.domain.verdict import Decider, DeciderKind
from moderator.storage.base.database import Database
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.schema.tables import audit_log

ANY_ID = 1 << 62


def write_audit(connection: Connection, line: AuditLine) -> None:
    connection.execute(
        insert(audit_log).values(
            done_at=to_ms(line.at),
            by_id=line.by.id,
            by_name=line.by.name,
            act=line.act.value,
            about=line.about,
            site=line.site_id,
            detail=line.detail,
        )
    )


class AuditRows:
    """Honours usecases/operate/audit.py AuditStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, line: AuditLine) -> None:
        with self._database.write() as connection:
            write_audit(connection, line)

    def lines(self, query: AuditQuery, before: int, limit: int) -> Sequence[AuditLine]:
        column = audit_log.c
        wanted = select(audit_log).where(column.id < (before or ANY_ID), *_asked(query))
        wanted = wanted.order_by(column.id.desc()).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return [
            AuditLine(
                at=from_ms(row.done_at),
                by=Decider(DeciderKind.MODERATOR, row.by_id, row.by_name),
                act=AuditAct(row.act),
                about=row.about,
                site_id=row.site,
                detail=row.detail,
                number=row.id,
            )
            for row in rows
        ]

    def people(self) -> dict[str, str]:
        column = audit_log.c
        with self._database.read() as connection:
            rows = connection.execute(select(column.by_id, column.by_name).distinct()).all()
        return {row.by_id: row.by_name for row in rows}


def _asked(query: AuditQuery) -> list[ColumnElement[bool]]:
    column = audit_log.c
    given = ((column.by_id, query.who), (column.act, query.act), (column.site, query.site))
    found = [where == value for where, value in given if value]
    if query.since:
        found.append(column.done_at >= _midnight(query.since))
    if query.until:
        found.append(column.done_at < _midnight(query.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> int:
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=UTC))
