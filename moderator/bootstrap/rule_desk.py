"""Wires the commands about rules; they bring the database up to date first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from moderator.bootstrap.operate.opened import opened
from moderator.bootstrap.parts import build_hints
from moderator.bootstrap.rules import build_rules, build_thresholds
from moderator.settings import Settings
from moderator.storage.people.sites import SiteRows
from moderator.usecases.rules.manage import ManageRules
from moderator.usecases.rules.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class RuleDesk:
    rules: ManageRules
    thresholds: Thresholds


@contextmanager
def open_rules(settings: Settings) -> Iterator[RuleDesk]:
    with opened(settings) as database:
        sites = SiteRows(database)
        hints = build_hints(settings)
        rules = build_rules(database, sites, hints)
        yield RuleDesk(rules, build_thresholds(database, sites, hints))
