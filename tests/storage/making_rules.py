"""What people who make rules ask of the database on a working day."""

from dataclasses import replace

from moderator.domain.decisions.decision_write import CallbackEvent, DecisionWrite
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy
from moderator.domain.queue import LEASES, Job
from moderator.domain.rule import DryRun, RuleState
from moderator.domain.rules.changes import RuleChange, choice_of
from moderator.domain.rules.thresholds import PastTrial
from moderator.domain.verdict import Decision, RecordedDecision, Verdict
from moderator.storage.base.database import Database
from moderator.storage.history.past_trials import PastTrialRows
from moderator.storage.history.received import HistoryRows
from moderator.storage.queue import Queue
from moderator.storage.rules import RuleRows, count_rules
from tests.builders import NOON
from tests.domain.test_rule import MARIA, a_rule


def make_rules(database: Database, name: str, last: str) -> None:
    """Make one, try it, move it, look at all of them and at what they rest on."""
    rows, queue = RuleRows(database), Queue(database)
    rule = a_rule(id=f"rule-{name}")
    rows.write(RuleChange(MARIA, NOON, rule))
    live = replace(rule, state=RuleState.LIVE, version=2)
    line = rows.write(RuleChange(MARIA, NOON, live, rule))
    rows.write(RuleChange(MARIA, NOON, choice=choice_of(Policy()), site_id="blog"))
    rows.ask_for_run(live, NOON)
    for ticket in queue.claim(Job.DRY_RUN, 1, token=name, lease=LEASES[Job.DRY_RUN]):
        rows.save_run(ticket, DryRun(live.digest, is_done=True))
    rows.keep(live.id, DryRun(live.digest))
    with database.write() as connection:
        count_rules(connection, [_decided(live.id)])
    rows.get(live.id)
    rows.change(line)
    for scope in (None, ("blog", "calm")):
        rows.of(scope)
        rows.changes(scope)
        rows.changes(scope, live.id)
    rows.counts([live.id])
    history = HistoryRows(database)
    for site_id in ("blog", "calm"):
        history.newest_verdicts(site_id, last, 100)
        history.newest_decided(site_id, last, 100)
        history.decided_by_people(site_id, last, 100)
        history.held(site_id, 100)
    history.newest_verdicts("", last, 100)
    history.held("", 100)
    rows.judge_again([(last, "blog")], NOON)
    try_past(database, name)


def _decided(rule_id: str) -> DecisionWrite:
    found = Finding(
        "rules", Signal.SPAM, "A rule", "rule_spam", 1.0, {"rules": [{"rule": rule_id}]}
    )
    recorded = RecordedDecision("x-1", "x", 1, NOON, "queued", Decision(Verdict.SPAM, MARIA))
    return DecisionWrite("blog", recorded, (found,), CallbackEvent.ISSUED, None, NOON)


def try_past(database: Database, name: str) -> None:
    """What was imported is counted, and judged again."""
    trials, queue = PastTrialRows(database), Queue(database)
    trials.number("blog", 3_000)
    trials.unjudged("blog", 1_000)
    trials.ask("blog", database.now())
    trials.is_awaited("blog")
    lease = LEASES[Job.DRY_RUN]
    for ticket in queue.claim(Job.DRY_RUN, 1, token=f"past-{name}", lease=lease):
        trials.save(ticket, PastTrial((), NOON))
    trials.trial("blog")
