"""Wires what people do with rules, for pages and for commands."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from moderator.bootstrap.parts import build_hints, clock, open_database
from moderator.checks.rules import Rules
from moderator.domain.ids import new_id
from moderator.domain.ports import Hints
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.history.received import HistoryRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.rules import RuleRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.rules.manage import ManageRules
from moderator.usecases.rules.thresholds import Thresholds
from moderator.usecases.rules.try_rule import TryRule


def build_rules(database: Database, sites: SiteRows, hints: Hints) -> ManageRules:
    return ManageRules(
        store=RuleRows(database),
        try_rule=TryRule(history=HistoryRows(database), sites=sites, check=Rules()),
        hints=hints,
        new_id=lambda: new_id(clock(), secrets.token_bytes(10)),
    )


def build_thresholds(database: Database, sites: SiteRows) -> Thresholds:
    return Thresholds(sites=sites, history=HistoryRows(database), store=RuleRows(database))


@dataclass(frozen=True, slots=True)
class RuleDesk:
    rules: ManageRules
    thresholds: Thresholds


@contextmanager
def open_rules(settings: Settings) -> Iterator[RuleDesk]:
    database = open_database(settings)
    try:
        upgrade(database)
        sites = SiteRows(database)
        rules = build_rules(database, sites, build_hints(settings))
        yield RuleDesk(rules, build_thresholds(database, sites))
    finally:
        database.close()
