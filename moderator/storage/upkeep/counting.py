"""Counts decisions by and by, for the statistics: each once, an hour's worth in one transaction.

What was written at a time that was counted already is missed: LAG is longer than any transaction
may take. Two processes that count at once count nothing twice: the row of `counted` is a fence.
What was decided elsewhere and imported is no work of this service, and not counted.
"""

from datetime import timedelta

from sqlalchemy import Connection, func, select, union_all

from moderator.domain.decisions.exported import IMPORT
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.times import to_ms
from moderator.storage.counts import PERSONS
from moderator.storage.schema.tables import decisions, sites

LAG = timedelta(minutes=2)
STEP = timedelta(hours=1)
STEPS = 12  # in one call
NAME = "decisions"
DAY, WEEK = 86_400_000, 604_800_000  # ms
PEOPLE = ", ".join(f"'{kind}'" for kind in PERSONS)
UNTIL = Statement("SELECT until FROM counted WHERE name = :name")
BEGIN = Statement(
    "INSERT INTO counted (name, until) VALUES (:name, 0) ON CONFLICT (name) DO NOTHING"
)
FENCE = Statement("UPDATE counted SET until = :until WHERE name = :name AND until = :since")
DECISIONS = Statement(
    "INSERT INTO decision_counts"  # noqa: S608  # our own words
    " (site_id, day, verdict, decided_by, machine_said, is_first, number)"
    f" SELECT d.site_id, d.decided_at / {DAY}, d.verdict, d.decided_by,"
    f" CASE WHEN p.decided_by NOT IN ({PEOPLE}) THEN p.verdict ELSE '' END,"
    " CASE WHEN d.sequence = 1 THEN 1 ELSE 0 END, count(*)"
    f" FROM decisions d LEFT JOIN decisions p ON d.decided_by IN ({PEOPLE})"
    " AND p.submission_id = d.submission_id AND p.sequence = d.sequence - 1"
    " WHERE d.site_id = :site_id AND d.decided_at >= :since AND d.decided_at < :until"
    f" AND d.decider_id <> '{IMPORT}' GROUP BY 1, 2, 3, 4, 5, 6 ON CONFLICT"
    " (site_id, day, verdict, decided_by, machine_said, is_first)"
    " DO UPDATE SET number = decision_counts.number + excluded.number"
)
CAMPAIGNS = Statement(
    "INSERT INTO campaign_counts (site_id, week, campaign_id, number)"  # noqa: S608  # our own words
    f" SELECT d.site_id, d.decided_at / {WEEK}, s.campaign_id, count(*)"
    " FROM decisions d JOIN submissions s ON s.id = d.submission_id"
    " WHERE d.site_id = :site_id AND d.decided_at >= :since AND d.decided_at < :until"
    " AND d.sequence = 1 AND s.campaign_id <> ''"
    " GROUP BY 1, 2, 3 ON CONFLICT (site_id, week, campaign_id)"
    " DO UPDATE SET number = campaign_counts.number + excluded.number"
)


class CountingRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self) -> bool:
        """Count on, up to LAG ago or for STEPS steps; return whether more may be left."""
        until = to_ms(self._database.now() - LAG)
        return all(self._step(until) for _ in range(STEPS))

    @again_after_deadlock
    def _step(self, latest: int) -> bool:
        """Whether there may be more."""
        with self._database.write() as connection:
            BEGIN.run(connection, {"name": NAME})
            since = int(str(UNTIL.run(connection, {"name": NAME}).scalar_one()))
            ids = list(connection.scalars(select(sites.c.id)))
            first = _first(connection, ids, since)
            until = (
                latest if first is None else min(latest, first + STEP // timedelta(milliseconds=1))
            )
            if until <= since:
                return False
            moved = FENCE.run(connection, {"name": NAME, "since": since, "until": until})
            if moved.rowcount != 1:
                return False
            if first is not None:
                rows = [{"site_id": id_, "since": first, "until": until} for id_ in sorted(ids)]
                DECISIONS.run(connection, rows)
                CAMPAIGNS.run(connection, rows)
        return until < latest


def _first(connection: Connection, ids: list[str], since: int) -> int | None:
    """When the first decision fell that is not counted yet."""
    column = decisions.c
    firsts = [
        select(func.min(column.decided_at).label("at")).where(
            column.site_id == id_, column.decided_at >= since, column.decider_id != IMPORT
        )
        for id_ in ids
    ]
    if not firsts:
        return None
    merged = union_all(*firsts).subquery()
    first: int | None = connection.scalar(select(func.min(merged.c.at)))
    return first
