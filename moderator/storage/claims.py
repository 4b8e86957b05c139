"""The statement that claims rows of the queue, in the few forms that it takes."""

from functools import cache

from moderator.storage.base.database import Statement

# Fresh rows come in batches; a row that failed before comes alone, so that poison spoils nobody
# else's claim. Rows of one lane wait for the oldest of their lane. The choice is made once, in a
# query of its own: as a sub-query of the UPDATE, PostgreSQL may ask it again for each row and lock
# the next ones each time, so that a claim holds more than its limit.
CLAIM = """
WITH chosen AS MATERIALIZED (
  SELECT q.id FROM queue q
  WHERE q.job = :job AND q.due_at <= {now} AND {fresh} {lane} {sites}
  ORDER BY q.due_at LIMIT :limit {skip_locked}
)
UPDATE queue SET token = :token, due_at = {now} + :lease, attempts = attempts + 1
WHERE id IN (SELECT id FROM chosen)
RETURNING id, subject_id, site_id, attempts, findings, {now}
"""
FRESH = "q.attempts = 0"  # written out: so are the partial indexes
TRIED = "q.attempts > 0"
IN_LANE = (
    "AND NOT EXISTS (SELECT 1 FROM queue older WHERE older.lane = q.lane AND older.lane <> ''"
    " AND older.id < q.id)"
)
NOT_SITES = "AND q.site_id NOT IN ({names})"


@cache
def claiming(fresh: str, lane: str, sites: int, skip_locked: str, now: str) -> Statement:
    names = ", ".join(f":site_{n}" for n in range(sites))
    without = NOT_SITES.format(names=names) if sites else ""
    parts = {"fresh": fresh, "lane": lane, "sites": without, "skip_locked": skip_locked}
    return Statement(CLAIM.format(**parts, now=now))
