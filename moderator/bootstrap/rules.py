"""Wires what people do with rules, for pages and for commands.

The web needs no check until somebody tries a rule: the checks bring lists of many thousand names.
"""

import secrets

from moderator.bootstrap.parts import clock
from moderator.domain.check import Context
from moderator.domain.finding import Finding
from moderator.domain.ids import new_id
from moderator.domain.ports import Hints
from moderator.domain.rules.matching import NAME
from moderator.domain.submission import Submission
from moderator.storage.base.database import Database
from moderator.storage.history.past_trials import PastTrialRows
from moderator.storage.history.received import HistoryRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.rules import RuleRows
from moderator.usecases.rules.judge_again import JudgeAgain
from moderator.usecases.rules.manage import ManageRules
from moderator.usecases.rules.propose import ProposeRules
from moderator.usecases.rules.thresholds import Thresholds
from moderator.usecases.rules.try_rule import TryRule


class RulesWhenTried:
    """The check of rules, imported when it is first asked."""

    name = NAME

    def run(self, submission: Submission, context: Context) -> tuple[Finding, ...]:
        from moderator.checks.rules import Rules  # noqa: PLC0415  # every check's lists

        return Rules().run(submission, context)


def build_rules(database: Database, sites: SiteRows, hints: Hints) -> ManageRules:
    return ManageRules(
        store=RuleRows(database),
        try_rule=TryRule(history=HistoryRows(database), sites=sites, check=RulesWhenTried()),
        hints=hints,
        judge_again=JudgeAgain(
            history=HistoryRows(database), queue=RuleRows(database), sites=sites
        ),
        new_id=lambda: new_id(clock(), secrets.token_bytes(10)),
    )


def build_proposals(database: Database, sites: SiteRows, rules: ManageRules) -> ProposeRules:
    return ProposeRules(sites=sites, history=HistoryRows(database), rules=rules)


def build_thresholds(database: Database, sites: SiteRows, hints: Hints) -> Thresholds:
    return Thresholds(
        sites=sites,
        history=HistoryRows(database),
        store=RuleRows(database),
        trials=PastTrialRows(database),
        hints=hints,
    )
