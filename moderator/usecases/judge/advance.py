"""Applies what people decided in advance about campaigns: one look-up for a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.decisions.advance import AdvanceRuling, Joined, in_advance
from moderator.domain.history.campaign import JoinKind
from moderator.domain.judge import Case, Judged


class AdvanceStore(Protocol):
    def in_force(
        self, wanted: Iterable[tuple[str, str]], now: datetime
    ) -> dict[tuple[str, str], AdvanceRuling]:
        """What holds for these (campaign id, site id); those without a ruling are left out."""
        ...


@dataclass(frozen=True, slots=True)
class InAdvance:
    store: AdvanceStore

    def __call__(
        self, cases: Sequence[Case], judged: Sequence[Judged], now: datetime
    ) -> list[Judged]:
        """What each came to, in their order."""
        keys = [_key(case) for case in cases]
        wanted = [key for key in keys if key is not None]
        rulings = self.store.in_force(wanted, now) if wanted else {}
        return [
            one if key is None or key not in rulings else _ruled(rulings[key], case, one, now)
            for case, one, key in zip(cases, judged, keys, strict=True)
        ]


def _key(case: Case) -> tuple[str, str] | None:
    campaign = case.context.campaign
    return None if campaign is None else (campaign.id, case.submission.site_id)


def _ruled(ruling: AdvanceRuling, case: Case, judged: Judged, now: datetime) -> Judged:
    decision = in_advance(ruling, judged.decision, _joined(case), now)
    return judged if decision is None else replace(judged, decision=decision)


def _joined(case: Case) -> Joined:
    """What joined long ago, and is judged again, passes for the looser kind."""
    submission, context = case.submission, case.context
    hows = [m.joining.how for m in context.joining if m.joining.submission_id == submission.id]
    share = context.campaign.shares.get(submission.site_id) if context.campaign else None
    counted = share.hosts if share else {}
    return Joined(
        is_near=any(how is not JoinKind.REWORDED for how in hows),
        is_trusted=submission.author.trusted or submission.author.is_staff,
        # The campaign is counted with this one.
        new_hosts=[host for host in context.hosts if counted.get(host, 0) <= 1],
    )
