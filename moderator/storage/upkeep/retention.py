"""Takes away what has had its time, a few submissions at a time: addresses, words, pages.

Each part has an index of what is still there and waits for nobody, by site and time of the latest
decision, so what was kept costs nothing. What is passed over: what waits for a judgement, for a
callback to arrive, or to be learned from.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection

from moderator.domain.content.facts import Facts
from moderator.domain.content.removal import (
    addresses_of,
    finding_without,
    reason_without,
    without,
)
from moderator.domain.pages.find import words_of
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.timing.retention import FOREVER, Part, Retention
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.payload import dump, load_findings, load_reasons, load_submission
from moderator.storage.base.times import to_ms
from moderator.storage.counts import AUTHORS
from moderator.storage.schema.tables import KEPT

PIECE = 100  # submissions in one transaction
PIECES = 20  # in one call, so that nobody waits long for its end
FILLED = 200  # of which it is learned when they were decided, in one transaction
KEYS = ("author_key", "place_key", "address_key", "name_key")
WAITING_JOBS = dict.fromkeys(Part, "'check', 'reach', 'ask', 'learn'")
WAITING_JOBS[Part.PAGES] += ", 'reverify'"  # which compares the page with what it said
# Decisions are named after their submission, and what is taught to a spam service after them.
DUE = (
    f"SELECT s.id, s.decided_at, s.payload, s.earlier, s.campaign_id, {', '.join(KEYS)}"  # noqa: S608  # our own words
    " FROM submissions s WHERE {where} AND s.site_id = :site_id AND s.decided_at < :before"
    " AND (s.decided_at, s.id) > (:after, :after_id)"
    " AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.job IN ({jobs}) AND q.subject_id = s.id)"
    " AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.job = 'teach'"
    " AND q.subject_id = s.id || '-' || CAST(s.sequence AS text))"
    " AND NOT EXISTS (SELECT 1 FROM deliveries v WHERE v.submission_id = s.id"
    " AND v.state = 'waiting')"
    " ORDER BY s.decided_at, s.id LIMIT :piece"
)
UNDATED = (
    "UPDATE submissions SET decided_at = coalesce((SELECT d.decided_at FROM decisions d"
    " WHERE d.submission_id = submissions.id AND d.sequence = submissions.sequence), received_at)"
    " WHERE id IN (SELECT id FROM submissions WHERE {where} AND site_id = :site_id"
    " AND decided_at IS NULL LIMIT :piece)"
)
TAKE = (
    f"UPDATE submissions SET payload = :payload, earlier = :earlier, has_{{part}} = 0,"  # noqa: S608
    f" {', '.join(f'{name} = :{name}' for name in KEYS)} WHERE id = :id"
)
SAID = SelectIn("SELECT id, submission_id, reasons, findings FROM decisions"
                " WHERE submission_id IN {many}")  # fmt: skip
SAY = Statement("UPDATE decisions SET reasons = :reasons, findings = :findings WHERE id = :id")
# Whoever was told is told no more; what was given up cannot be sent again.
TOLD = "WHERE submission_id IN {many} AND state <> 'waiting' AND length(body) > 0 RETURNING id"
EMPTY = SelectIn(
    f"UPDATE deliveries SET body = x'' {TOLD}",  # noqa: S608
    postgres=f"UPDATE deliveries SET body = '' {TOLD}",  # noqa: S608
)
FORGET_PHRASES = SelectIn("DELETE FROM phrases WHERE submission_id IN {many} RETURNING key")
FORGET_SHAPE = Statement(
    "UPDATE campaign_sites SET shape = '' WHERE campaign_id = :campaign_id AND first_id = :id"
)
# What it was found by; of a text that is gone only its facets stay (domain/pages/find.py).
FORGET_WORD = Statement("DELETE FROM search_words WHERE submission_id = :id AND word = :word")
FORGET_WORDS = Statement(
    "DELETE FROM search_words WHERE submission_id = :id AND substr(word, 1, 1) <> '='"
)
Place = tuple[int, str]  # time of the decision, id
START: Place = (-1, "")


class RetentionRows:
    """Honours usecases/run/upkeep.py RetentionStore. `usual` is for what a site did not choose."""

    def __init__(
        self, database: Database, sites: Callable[[], Iterable[Site]], usual: Retention
    ) -> None:
        self._database = database
        self._sites = sites
        self._usual = usual
        self._dated: set[tuple[str, Part]] = set()
        self._places: dict[tuple[str, Part], Place] = {}
        lock = " FOR UPDATE OF s SKIP LOCKED" if database.is_postgres else ""
        where = {part: str(KEPT[f"has_{part}"]) for part in Part}
        self._undated = {part: Statement(UNDATED.format(where=where[part])) for part in Part}
        self._due = {
            part: Statement(DUE.format(where=where[part], jobs=WAITING_JOBS[part]) + lock)
            for part in Part
        }
        self._take = {part: Statement(TAKE.format(part=part)) for part in Part}

    def apply(self) -> bool:
        """Take some of what is due; return whether more may be left."""
        now = self._database.now()
        taken = 0
        for site in self._sites():
            retention = site.retention.over(self._usual)
            for part in Part:
                days = retention.days(part)
                if days == FOREVER:
                    continue
                before = to_ms(now - timedelta(days=days))
                taken += self._fill(site.id, part) + self._step(site.id, part, days, before)
                if taken >= PIECES:
                    return True
        return taken > 0

    def _fill(self, site_id: str, part: Part) -> bool:
        """Say of what an earlier version decided when that was; return whether there was any."""
        if (site_id, part) in self._dated:
            return False
        with self._database.write() as connection:
            wanted: Parameters = {"site_id": site_id, "piece": FILLED}
            is_undated = self._undated[part].run(connection, wanted).rowcount > 0
        if not is_undated:
            self._dated.add((site_id, part))
        return is_undated

    @again_after_deadlock
    def _step(self, site_id: str, part: Part, days: int, before: int) -> bool:
        """Take a piece; return whether there may be another."""
        after, after_id = self._places.get((site_id, part), START)
        wanted: Parameters = {
            "site_id": site_id,
            "before": before,
            "after": after,
            "after_id": after_id,
            "piece": PIECE,
        }
        with self._database.write() as connection:
            rows = self._due[part].run(connection, wanted).all()
            if rows:
                self._take_from(connection, part, days, rows)
        is_more = len(rows) == PIECE
        self._places[site_id, part] = (int(rows[-1][1]), str(rows[-1][0])) if is_more else START
        return is_more

    def _take_from(
        self, connection: Connection, part: Part, days: int, rows: Sequence[Sequence[Any]]
    ) -> None:
        mask = self._database.mask
        told = {str(row[0]): load_submission(row[2]) for row in rows}
        left = {id_: without(part, it, days, mask) for id_, it in told.items()}
        written = [
            {
                "id": row[0],
                "payload": dump(left[row[0]]),
                "earlier": self._earlier(part, days, row[3]),
                **{name: mask(key) for name, key in zip(KEYS, row[5:], strict=True)},
            }
            for row in rows
        ]
        # What an older version wrote meanwhile has plain keys: they are counted by what they are.
        plain = [row[0] for row in rows if row[5] != mask(row[5])]
        with AUTHORS.keeping(connection, plain):
            self._take[part].run(connection, written)
        _unsay(connection, part, {row[0]: _addresses(row[2], row[3]) for row in rows})
        EMPTY.run(connection, list(told))
        if part is Part.WORDS:
            FORGET_PHRASES.run(connection, list(told))
            # In one order, so that two who do this do not wait for each other.
            for campaign_id, id_ in sorted((str(row[4]), row[0]) for row in rows if row[4]):
                FORGET_SHAPE.run(connection, {"campaign_id": campaign_id, "id": id_})
            FORGET_WORDS.run(connection, [{"id": id_} for id_ in told])
        if part is Part.ADDRESSES:
            _forget_addresses(connection, told, left)

    def _earlier(self, part: Part, days: int, payload: str) -> str:
        """What it said before an edit loses the same, and all of it with the words."""
        if not payload or part is Part.WORDS:
            return ""
        return dump(without(part, load_submission(payload), days, self._database.mask))


def _forget_addresses(
    connection: Connection, told: dict[str, Submission], left: dict[str, Submission]
) -> None:
    """Have these found by their addresses no more."""
    gone: list[Parameters] = [
        {"id": id_, "word": word}
        for id_, it in told.items()
        for word in {*words_of(Facts(it))} - {*words_of(Facts(left[id_]))}
    ]
    if gone:
        FORGET_WORD.run(connection, gone)


def _addresses(*payloads: str) -> tuple[str, ...]:
    """Of whoever wrote it, now and before an edit."""
    authors = (load_submission(payload).author for payload in payloads if payload)
    return tuple(address for author in authors for address in addresses_of(author))


def _unsay(connection: Connection, part: Part, told: dict[str, tuple[str, ...]]) -> None:
    """Take the part out of what was said about these, whose addresses are given."""
    changed: list[Parameters] = []
    for id_, submission_id, reasons, findings in SAID.run(connection, list(told)):
        addresses = told[submission_id]
        said = {
            "reasons": dump([reason_without(part, r, addresses) for r in load_reasons(reasons)]),
            "findings": dump(
                [finding_without(part, f, addresses) for f in load_findings(findings)]
            ),
        }
        if said != {"reasons": reasons, "findings": findings}:
            changed.append({"id": id_, **said})
    if changed:
        SAY.run(connection, changed)
