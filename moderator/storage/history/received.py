"""What a site was sent, in the order of arrival, with what rules and people said of it."""

from collections.abc import Sequence
from typing import Any  # what a driver returns is typed by nobody

from moderator.domain.answering.plain_errors import PlainErrors
from moderator.domain.history.record import PastSubmission, PastVerdict
from moderator.domain.submission import Submission
from moderator.domain.verdict import VERDICT_OF_STATUS, DeciderKind, Verdict
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.payload import load_findings, load_submission

PERSONS = frozenset(kind.value for kind in DeciderKind if kind.is_person)
PAGE = Statement(
    "SELECT s.payload, s.status, s.decided_by, d.verdict, d.score, d.findings FROM submissions s"
    " JOIN decisions d ON d.submission_id = s.id AND d.sequence ="
    " (SELECT max(r.sequence) FROM decisions r"
    " WHERE r.submission_id = s.id AND r.decided_by = 'rule')"
    " WHERE s.site_id = :site_id AND s.id > :after AND s.has_words = 1 AND s.status <> 'erased'"
    " ORDER BY s.id LIMIT :limit"
)
# What was told at first, and what a person said then.
DECIDED = Statement(
    "SELECT s.status, sum(CASE WHEN d.verdict IN ('spam', 'discard') OR (d.verdict = 'hold'"
    " AND d.score >= :plain_at) THEN 1 ELSE 0 END), count(*) FROM submissions s"
    " JOIN decisions d ON d.submission_id = s.id AND d.sequence ="
    " (SELECT min(r.sequence) FROM decisions r"
    " WHERE r.submission_id = s.id AND r.decided_by = 'rule')"
    " WHERE s.site_id = :site_id AND s.decided_by IN ('moderator', 'blog')"
    " AND s.status IN ('approved', 'spam') GROUP BY s.status"
)
NEWEST_VERDICTS = (  # of a site, and of every site
    "SELECT s.payload, s.status, s.decided_by, d.verdict, d.score, d.findings FROM submissions s"
    " JOIN decisions d ON d.submission_id = s.id AND d.sequence ="
    " (SELECT max(r.sequence) FROM decisions r"
    " WHERE r.submission_id = s.id AND r.decided_by = 'rule')"
    # Said of both, so that whichever is read first is read from there on.
    " WHERE {where} s.id < :before AND d.submission_id < :before AND s.status <> 'erased'"
    " ORDER BY s.id DESC LIMIT :limit"
)
# What has no words any more says nothing about a rule.
OF_SITE = Statement(NEWEST_VERDICTS.format(where="s.site_id = :site_id AND s.has_words = 1 AND"))
OF_ALL = Statement(NEWEST_VERDICTS.format(where="s.has_words = 1 AND"))
BY_PEOPLE = Statement(
    NEWEST_VERDICTS.format(
        where="s.site_id = :site_id AND s.decided_by IN ('moderator', 'blog') AND"
    )
)
NEWEST = Statement(
    "SELECT payload, status FROM submissions WHERE site_id = :site_id AND id < :before"
    " AND has_words = 1 AND status <> 'erased' ORDER BY id DESC LIMIT :limit"
)
DECIDED_BY_PEOPLE = Statement(
    "SELECT payload, status FROM submissions WHERE site_id = :site_id AND id < :before"
    " AND decided_by IN ('moderator', 'blog') AND status IN ('approved', 'spam', 'trash')"
    " ORDER BY id DESC LIMIT :limit"
)
HELD = (  # at a site, and at every site
    "SELECT payload FROM submissions WHERE status = 'hold' {where}"
    " ORDER BY received_at DESC, id DESC LIMIT :limit"
)
HELD_AT = Statement(HELD.format(where="AND site_id = :site_id"))
HELD_ANYWHERE = Statement(HELD.format(where=""))
LAST = "g"  # greater than any id, which is hexadecimal, wherever letters are sorted


class HistoryRows:
    """Honours usecases.offline.replay.History, usecases.offline.try_lists.Recent,
    usecases.rules.try_rule.StoredVerdicts, usecases.rules.thresholds.DecidedStore,
    usecases.rules.propose.DecidedSubmissions and usecases.rules.judge_again.HeldSubmissions.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, site_id: str, after: str, limit: int) -> Sequence[PastVerdict]:
        wanted = {"site_id": site_id, "after": after, "limit": limit}
        with self._database.read() as connection:
            rows = PAGE.run(connection, wanted).all()
        return [_record(row) for row in rows]

    def plain_errors(self, site_id: str, plain_at: float) -> PlainErrors:
        """What clients that know only yes and no would have been told of what people decided."""
        wanted = {"site_id": site_id, "plain_at": plain_at}
        with self._database.read() as connection:
            rows = DECIDED.run(connection, wanted).all()
        found = {status: (int(refused), int(all_)) for status, refused, all_ in rows}
        honest_refused, honest = found.get("approved", (0, 0))
        spam_refused, spam = found.get("spam", (0, 0))
        return PlainErrors(honest, honest_refused, spam, spam - spam_refused)

    def newest_verdicts(self, site_id: str, before: str, limit: int) -> Sequence[PastVerdict]:
        wanted: dict[str, object] = {"before": before or LAST, "limit": limit}
        if site_id:
            wanted["site_id"] = site_id
        with self._database.read() as connection:
            rows = (OF_SITE if site_id else OF_ALL).run(connection, wanted).all()
        return [_record(row) for row in rows]

    def newest_decided(self, site_id: str, before: str, limit: int) -> Sequence[PastVerdict]:
        wanted = {"site_id": site_id, "before": before or LAST, "limit": limit}
        with self._database.read() as connection:
            rows = BY_PEOPLE.run(connection, wanted).all()
        return [_record(row) for row in rows]

    def decided_by_people(self, site_id: str, before: str, limit: int) -> Sequence[PastSubmission]:
        wanted = {"site_id": site_id, "before": before or LAST, "limit": limit}
        with self._database.read() as connection:
            rows = DECIDED_BY_PEOPLE.run(connection, wanted).all()
        return [PastSubmission(load_submission(row[0]), row[1]) for row in rows]

    def held(self, site_id: str, limit: int) -> Sequence[Submission]:
        wanted: dict[str, object] = {"limit": limit} | ({"site_id": site_id} if site_id else {})
        with self._database.read() as connection:
            rows = (HELD_AT if site_id else HELD_ANYWHERE).run(connection, wanted).all()
        return [load_submission(row[0]) for row in rows]

    def newest(self, site_id: str, before: str, limit: int) -> Sequence[PastSubmission]:
        wanted = {"site_id": site_id, "before": before or LAST, "limit": limit}
        with self._database.read() as connection:
            rows = NEWEST.run(connection, wanted).all()
        return [PastSubmission(load_submission(row[0]), row[1]) for row in rows]


def _record(row: Sequence[Any]) -> PastVerdict:
    payload, status, decided_by, verdict, score, findings = row
    return PastVerdict(
        submission=load_submission(payload),
        verdict=Verdict(verdict),
        score=score,
        findings=load_findings(findings),
        by_person=VERDICT_OF_STATUS.get(status) if decided_by in PERSONS else None,
    )
