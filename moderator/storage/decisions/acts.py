"""What one press of a key decides: a campaign's held members, an act's decisions, what is ruled in
advance.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal_column, select, update
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.verdict import RecordedDecision
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.base.values import AnyRow, advance_ruling, recorded
from moderator.storage.counts import PERSONS
from moderator.storage.schema.tables import advance_rulings, campaign_sites, decisions, submissions

IN_FORCE = SelectIn(
    "SELECT r.* FROM (VALUES {rows}) AS k CROSS JOIN advance_rulings r"
    " WHERE r.campaign_id = k.column1 AND r.site_id = k.column2 AND r.ends_at > k.column3"
    " AND r.revoked_at IS NULL"
)
Ruled = tuple[str, str]  # campaign id, site id
# Written out, not bound: only so does the database see that its partial index fits.
IS_HELD = submissions.c.status == literal_column("'hold'")


class ActRows:
    """Honours usecases/moderate/together.py ActStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sites(self, campaign_id: str, scope: Scope) -> list[str]:
        column = campaign_sites.c
        wanted = select(column.site_id).where(
            column.campaign_id == campaign_id, *_within(column.site_id, scope)
        )
        with self._database.read() as connection:
            return sorted(connection.scalars(wanted))

    def held(
        self, campaign_id: str, scope: Scope, newest: tuple[datetime, str] | None
    ) -> list[str]:
        column = submissions.c
        wanted = select(column.id).where(
            IS_HELD,
            column.campaign_id == campaign_id,
            # Not a bare column: what is held on each site would be read whole.
            *_within(func.coalesce(column.site_id, ""), scope),
        )
        if newest is not None:
            at = to_ms(newest[0])
            is_as_old = (column.received_at == at) & (column.id <= newest[1])
            wanted = wanted.where((column.received_at < at) | is_as_old)
        with self._database.read() as connection:
            return sorted(connection.scalars(wanted))

    def decided_since(
        self, campaign_id: str, scope: Scope, since: datetime
    ) -> list[RecordedDecision]:
        with self._database.read() as connection:
            found: list[AnyRow] = []
            for site_id in self._sites(connection, campaign_id, scope):
                found += connection.execute(
                    select(decisions)
                    .join(submissions, submissions.c.id == decisions.c.submission_id)
                    .where(
                        decisions.c.site_id == site_id,
                        decisions.c.decided_at >= to_ms(since),
                        decisions.c.decided_by.in_(PERSONS),
                        submissions.c.campaign_id == campaign_id,
                        submissions.c.sequence == decisions.c.sequence,
                    )
                ).all()
        return sorted((recorded(row) for row in found), key=_by_submission)

    @staticmethod
    def _sites(connection: Connection, campaign_id: str, scope: Scope) -> list[str]:
        column = campaign_sites.c
        where = (column.campaign_id == campaign_id, *_within(column.site_id, scope))
        return sorted(connection.scalars(select(column.site_id).where(*where)))

    def of_act(self, act: str, scope: Scope) -> list[RecordedDecision]:
        column = decisions.c
        named = (column.act == act, column.act != "", *_within(column.site_id, scope))
        with self._database.read() as connection:
            rows = connection.execute(select(decisions).where(*named)).all()
        return sorted((recorded(row) for row in rows), key=_by_submission)

    def rule(self, rulings: Sequence[AdvanceRuling]) -> None:
        with self._database.write() as connection:
            for ruling in rulings:
                same = (
                    advance_rulings.c.campaign_id == ruling.campaign_id,
                    advance_rulings.c.site_id == ruling.site_id,
                )
                _revoke(connection, same, ruling.by.name, ruling.made_at)
                connection.execute(insert(advance_rulings).values(_row(ruling)))

    def revoke(self, act: str, scope: Scope, by: str, now: datetime) -> int:
        column = advance_rulings.c
        where = (column.act == act, *_within(column.site_id, scope))
        with self._database.write() as connection:
            return _revoke(connection, where, by, now)

    def revoke_campaign(self, campaign_id: str, scope: Scope, by: str, now: datetime) -> int:
        column = advance_rulings.c
        where = (column.campaign_id == campaign_id, *_within(column.site_id, scope))
        with self._database.write() as connection:
            return _revoke(connection, where, by, now)

    def in_force(self, wanted: Iterable[Ruled], now: datetime) -> dict[Ruled, AdvanceRuling]:
        """What was decided in advance about these campaigns on these sites."""
        asked = [(*key, to_ms(now)) for key in sorted(set(wanted))]
        if not asked:
            return {}
        with self._database.read() as connection:
            rulings = [advance_ruling(row) for row in IN_FORCE.run(connection, asked)]
        return {(ruling.campaign_id, ruling.site_id): ruling for ruling in rulings}


def _within(column: ColumnElement[str], scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return () if scope is None else (column.in_(scope),)


def _revoke(
    connection: Connection, where: Sequence[ColumnElement[bool]], by: str, now: datetime
) -> int:
    column = advance_rulings.c
    live = (*where, column.revoked_at.is_(None), column.ends_at > to_ms(now))
    ended = update(advance_rulings).where(*live).values(revoked_at=to_ms(now), revoked_by=by)
    return connection.execute(ended).rowcount


def _by_submission(decision: RecordedDecision) -> str:
    return decision.submission_id


def _row(ruling: AdvanceRuling) -> dict[str, object]:
    return {
        "id": ruling.id,
        "campaign_id": ruling.campaign_id,
        "site_id": ruling.site_id,
        "verdict": ruling.verdict.value,
        "moderator_id": ruling.by.id,
        "moderator_name": ruling.by.name,
        "act": ruling.act,
        "made_at": to_ms(ruling.made_at),
        "ends_at": to_ms(ruling.ends_at),
    }
