"""Rules as rows: those that act with their sites, their log, and what they caught."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.shadow import NAME as THRESHOLDS
from moderator.domain.errors import ConflictError
from moderator.domain.pages.audit import AuditAct, AuditLine
from moderator.domain.queue import Ticket
from moderator.domain.rule import DryRun, Rule
from moderator.domain.rules.changes import PolicyChoice, RuleChange
from moderator.domain.rules.matching import NAME, SHADOW
from moderator.domain.verdict import Decider, DeciderKind
from moderator.storage.audit import write_audit
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.payload import dump, load_choice, load_dry_run, load_rule
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import rule_counts, rule_log, rules

ACTING = Statement("SELECT payload FROM rules WHERE state IN ('live', 'shadow')")
ASK_FOR_RUN = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at) VALUES ('dry_run', :id, :site_id, :due)"
    " ON CONFLICT (job, subject_id) DO UPDATE SET due_at = excluded.due_at, token = NULL,"
    " attempts = 0"
)
HOLDS_TICKET = Statement("SELECT 1 FROM queue WHERE id = :row AND token = :token")
END_TICKET = Statement("DELETE FROM queue WHERE id = :row AND token = :token")
COUNT = Statement(
    "INSERT INTO rule_counts (rule_id, verdict, number, last_at)"
    " VALUES (:rule, :verdict, :number, :at) ON CONFLICT (rule_id, verdict) DO UPDATE"
    " SET number = rule_counts.number + excluded.number, last_at = excluded.last_at"
)
COUNTED = frozenset({NAME, SHADOW, THRESHOLDS})
WIDE = 120  # characters of a rule that a log tells
MOST_RULES = 500  # that are shown: the newest
MOST_CHANGES = 50  # of a log that are shown
ANY_SITE = ""


def acting_rules(connection: Connection) -> tuple[Rule, ...]:
    """Those that act or count, of all sites."""
    found = (load_rule(str(row[0])) for row in ACTING.run(connection, {}).all())
    return tuple(sorted(found, key=lambda rule: rule.id))


def count_rules(connection: Connection, writes: Iterable[DecisionWrite]) -> None:
    """Count what rules found, once for each submission: with its first decision."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for write in writes:
        if write.recorded.sequence == 1:
            at, verdict = to_ms(write.recorded.decided_at), write.recorded.decision.verdict.value
            for finding in write.findings:
                if finding.check in COUNTED:
                    for one, change in _named(finding.evidence.get("rules")):
                        key = (one, change or verdict)
                        number, _ = found.get(key, (0, 0))
                        found[key] = (number + 1, at)
    # In one order, so that two workers never wait for each other.
    rows = [
        {"rule": rule, "verdict": verdict, "number": number, "at": at}
        for (rule, verdict), (number, at) in sorted(found.items())
    ]
    for row in rows:
        COUNT.run(connection, row)


def _named(told: object) -> list[tuple[str, str]]:
    """The rules, each with what it would have changed (`hold>spam`); '' where it is not said."""
    given = told if isinstance(told, list) else []
    return [
        (str(one["rule"]), f"{one['instead_of']}>{one['would']}" if "instead_of" in one else "")
        for one in given
        if isinstance(one, dict) and "rule" in one
    ]


class RuleRows:
    """Honours usecases.rules.manage.RuleStore, usecases.rules.run_dry.DryRunStore and
    usecases.rules.judge_again.AgainQueue.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, rule_id: str) -> Rule | None:
        with self._database.read() as connection:
            row = connection.execute(select(rules).where(rules.c.id == rule_id)).first()
        return None if row is None else _rule(row)

    def of(self, scope: Scope) -> list[Rule]:
        """The rules of these sites, and of every site, the newest first."""
        wanted = select(rules).where(rules.c.made_at >= 0)  # so that an index is asked
        wanted = wanted.order_by(rules.c.made_at.desc(), rules.c.id.desc()).limit(MOST_RULES)
        with self._database.read() as connection:
            rows = connection.execute(wanted.where(*_within(rules.c.site_id, scope))).all()
        return [_rule(row) for row in rows]

    def counts(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """What rules found, by rule and by the verdict that was given; of thresholds in shadow by
        what they would have changed (`hold>spam`).
        """
        wanted = select(rule_counts).where(rule_counts.c.rule_id.in_(ids))
        found: dict[str, dict[str, int]] = {}
        with self._database.read() as connection:
            for row in connection.execute(wanted):
                found.setdefault(row.rule_id, {})[row.verdict] = row.number
        return found

    def write(self, change: RuleChange) -> int:
        """Write a rule as it is now, and a line of the log; return the line's number.

        Raises ConflictError when it was changed meanwhile.
        """
        rule = change.rule
        with self._database.write() as connection:
            if rule is not None:
                _write(connection, rule, is_new=change.before is None and rule.version == 1)
            written = connection.execute(insert(rule_log).values(_log_row(change)))
            write_audit(connection, _audited(change))
            key = written.inserted_primary_key
        return int(key[0]) if key else 0

    def changes(self, scope: Scope, rule_id: str | None = None) -> list[RuleChange]:
        """The newest lines of the log, of a rule or of all."""
        wanted = select(rule_log).where(rule_log.c.id > 0)
        wanted = wanted.order_by(rule_log.c.id.desc()).limit(MOST_CHANGES)
        wanted = wanted.where(*_within(rule_log.c.site_id, scope))
        if rule_id is not None:
            wanted = wanted.where(rule_log.c.rule_id == rule_id)
        with self._database.read() as connection:
            return [_change(row) for row in connection.execute(wanted)]

    def change(self, number: int) -> RuleChange | None:
        with self._database.read() as connection:
            row = connection.execute(select(rule_log).where(rule_log.c.id == number)).first()
        return None if row is None else _change(row)

    def ask_for_run(self, rule: Rule, now: datetime) -> None:
        with self._database.write() as connection:
            ask_for_run(connection, rule.id, rule.site_id, now)

    def save_run(self, ticket: Ticket, run: DryRun) -> bool:
        """Write how far a dry run got; False when its lease was lost. What is done leaves the
        queue.
        """
        held = {"row": ticket.row, "token": ticket.token}
        with self._database.write() as connection:
            if HOLDS_TICKET.run(connection, held).first() is None:
                return False
            keep_run(connection, ticket.subject_id, run)
            if run.is_done:
                END_TICKET.run(connection, held)
        return True

    @again_after_deadlock
    def judge_again(self, subjects: Sequence[tuple[str, str]], at: datetime) -> None:
        with self._database.write() as connection:
            Queue(self._database).renew(connection, subjects, at)

    def keep(self, rule_id: str, run: DryRun) -> None:
        with self._database.write() as connection:
            keep_run(connection, rule_id, run)


def ask_for_run(connection: Connection, subject_id: str, site_id: str, now: datetime) -> None:
    """Have something tried in the background."""
    ASK_FOR_RUN.run(connection, {"id": subject_id, "site_id": site_id, "due": to_ms(now)})


def keep_run(connection: Connection, rule_id: str, run: DryRun) -> None:
    connection.execute(update(rules).where(rules.c.id == rule_id).values(dry_run=dump(run)))


def _write(connection: Connection, rule: Rule, *, is_new: bool) -> None:
    payload = dump(replace(rule, dry_run=None))
    values: dict[str, object] = {
        "site_id": rule.site_id,
        "state": rule.state.value,
        "version": rule.version,
        "payload": payload,
        "dry_run": "" if rule.dry_run is None else dump(rule.dry_run),
    }
    if is_new:
        made = {"id": rule.id, "made_at": to_ms(rule.made_at)}
        connection.execute(insert(rules).values(**values, **made))
        return
    where = (rules.c.id == rule.id, rules.c.version == rule.version - 1)
    if connection.execute(update(rules).where(*where).values(**values)).rowcount != 1:
        raise ConflictError("The rule was changed meanwhile")


def _rule(row: AnyRow) -> Rule:
    return replace(load_rule(row.payload), dry_run=load_dry_run(row.dry_run))


def _within(column: ColumnElement[str], scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return () if scope is None else (column.in_((*scope, ANY_SITE)),)


def _log_row(change: RuleChange) -> dict[str, object]:
    rule, before = change.rule, change.before
    return {
        "rule_id": "" if rule is None else rule.id,
        "site_id": change.site_id if rule is None else rule.site_id,
        "changed_at": to_ms(change.at),
        "by_id": change.by.id,
        "by_name": change.by.name,
        "before": _dumped(before or change.choice_before),
        "after": _dumped(rule or change.choice),
    }


def _audited(change: RuleChange) -> AuditLine:
    """The same for who asks what was done at all."""
    rule, choice = change.rule, change.choice
    if rule is None:
        said = (
            "" if choice is None else f"{choice.hold_at:g} {choice.spam_at:g} {choice.moderation}"
        )
        return AuditLine(
            change.at, change.by, AuditAct.THRESHOLDS, site_id=change.site_id, detail=said
        )
    what = rule.name or " ".join(rule.what.split())[:WIDE]
    said = f"{rule.state} {rule.kind} {rule.action}: {what}"
    return AuditLine(change.at, change.by, AuditAct.RULE, rule.id, rule.site_id, said)


def _dumped(value: Rule | PolicyChoice | None) -> str:
    if value is None:
        return ""
    return dump(replace(value, dry_run=None) if isinstance(value, Rule) else value)


def _change(row: AnyRow) -> RuleChange:
    by = Decider(DeciderKind.MODERATOR, row.by_id, row.by_name)
    at, is_rule = from_ms(row.changed_at), bool(row.rule_id)
    if is_rule:
        return RuleChange(
            by,
            at,
            rule=load_rule(row.after),
            before=load_rule(row.before) if row.before else None,
            site_id=row.site_id,
            number=row.id,
        )
    return RuleChange(
        by,
        at,
        choice=load_choice(row.after),
        choice_before=load_choice(row.before) if row.before else None,
        site_id=row.site_id,
        number=row.id,
    )
