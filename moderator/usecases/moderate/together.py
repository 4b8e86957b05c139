"""A person decides about a whole campaign, or takes it back: each member by a decision of its own.

In this order:
1. the held members that the person may see, and saw, are decided, a portion at a time; what is not
   held any more, or was edited, is told and left as it is;
2. members that others decided about since the person looked are told too;
3. the ruling for what joins later is made last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.moderation import (
    ModeratedSubmission,
    Refusal,
    SeenVersion,
    Shown,
    Together,
    decide,
    decide_member,
)
from moderator.domain.errors import InvalidError, NotFoundError
from moderator.domain.verdict import Decider, RecordedDecision, Verdict
from moderator.usecases.moderate.decide import Moderate

PORTION = 100  # members in one transaction, so that nobody waits long for the rows
LONGEST = timedelta(days=30)  # that people may decide in advance


class ActStore(Protocol):
    """`scope` holds the ids of the sites, None for all; what is outside of it does not exist."""

    def sites(self, campaign_id: str, scope: Scope) -> list[str]:
        """The sites of its members."""
        ...

    def held(
        self, campaign_id: str, scope: Scope, newest: tuple[datetime, str] | None
    ) -> list[str]:
        """Its held members that came up to the newest, in the order of their ids."""
        ...

    def decided_since(
        self, campaign_id: str, scope: Scope, since: datetime
    ) -> list[RecordedDecision]:
        """What people decided about its members since then, as far as it still stands."""
        ...

    def of_act(self, act: str, scope: Scope) -> list[RecordedDecision]:
        """The decisions of an act, in the order of their submissions."""
        ...

    def rule(self, rulings: Sequence[AdvanceRuling]) -> None:
        """These take the place of what was ruled about the same campaign on the same site."""
        ...

    def revoke(self, act: str, scope: Scope, by: str, now: datetime) -> int: ...

    def revoke_campaign(self, campaign_id: str, scope: Scope, by: str, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class DecideTogether:
    store: ActStore
    moderate: Moderate

    def __call__(  # noqa: PLR0913  # what a person sends with one press of a key
        self,
        campaign_id: str,
        verdict: Verdict,
        moderator: Decider,
        *,
        scope: Scope,
        shown: Shown,
        act: str,
        ahead: timedelta = timedelta(0),
        now: datetime,
    ) -> Together:
        """Record a moderator's verdict on what is held of a campaign.

        `ahead` is how long it also decides about what joins. Raises NotFoundError when nobody of
        the campaign is within `scope`, InvalidError for an `ahead` that is too long, or with hold.
        """
        if not timedelta(0) <= ahead <= LONGEST or (ahead and verdict is Verdict.HOLD):
            raise InvalidError(f"In advance people decide for at most {LONGEST.days} days")
        sites = self.store.sites(campaign_id, scope)
        if not sites:
            raise NotFoundError("There is no such campaign")

        def settle(subject: ModeratedSubmission) -> DecisionWrite:
            decision = decide_member(subject, verdict, moderator, shown)
            return self.moderate.conclude(subject, decision, now)

        held = self.store.held(campaign_id, scope, shown.newest)
        wanted = [id_ for id_ in held if id_ not in shown.without]
        done = self._record(wanted, settle, act)
        done = self._with_others(done, self._since(campaign_id, scope, shown), verdict, moderator)
        if ahead:
            one = AdvanceRuling("", campaign_id, "", verdict, moderator, act, now, now + ahead)
            self.store.rule([replace(one, id=f"{act}-{id_}", site_id=id_) for id_ in sites])
        return done

    def several(
        self,
        seen: Mapping[str, SeenVersion],
        verdict: Verdict,
        moderator: Decider,
        *,
        act: str,
        now: datetime,
    ) -> Together:
        """Record a moderator's verdict on each of several; `seen` is what they saw of each, by id.

        What moved meanwhile is told and left as it is.
        """

        def settle(subject: ModeratedSubmission) -> DecisionWrite | None:
            about = seen[subject.stored.submission.id]
            decision = decide(subject, verdict, moderator, about)
            return None if decision is None else self.moderate.conclude(subject, decision, now)

        return self._record(sorted(seen), settle, act)

    def undo(self, act: str, moderator: Decider, *, scope: Scope, now: datetime) -> Together:
        """Take an act back: all of it that still stands, and what it ruled for what joins later.

        Raises NotFoundError when nothing of it is within `scope`.
        """
        decisions = self.store.of_act(act, scope)
        ended = self.store.revoke(act, scope, moderator.name, now)
        if not decisions and not ended:
            raise NotFoundError("There is nothing to take back")
        seen = {d.submission_id: SeenVersion(d.sequence, d.content_version) for d in decisions}

        def settle(subject: ModeratedSubmission) -> DecisionWrite | None:
            about = seen[subject.stored.submission.id]
            return self.moderate.restore(subject, moderator, about, now)

        return self._record(list(seen), settle, "")

    def decisions(self, act: str, scope: Scope) -> list[RecordedDecision]:
        """What an act decided, as far as it is within `scope`."""
        return self.store.of_act(act, scope)

    def revoke(self, campaign_id: str, moderator: Decider, *, scope: Scope, now: datetime) -> bool:
        """End what was decided in advance about a campaign; what it decided stays."""
        return bool(self.store.revoke_campaign(campaign_id, scope, moderator.name, now))

    def _record(
        self,
        ids: Sequence[str],
        settle: Callable[[ModeratedSubmission], DecisionWrite | None],
        act: str,
    ) -> Together:
        decided: list[str] = []
        refused: list[Refusal] = []

        def named(subject: ModeratedSubmission) -> DecisionWrite | None:
            write = settle(subject)
            if write is None or not act:
                return write
            return replace(write, recorded=replace(write.recorded, act=act))

        for start in range(0, len(ids), PORTION):
            writes, several = self.moderate.store.record_all(ids[start : start + PORTION], named)
            decided += [write.recorded.submission_id for write in writes]
            refused += several
        if decided:
            self.moderate.tell()
        return Together(act, tuple(decided), tuple(refused))

    def _since(self, campaign_id: str, scope: Scope, shown: Shown) -> list[RecordedDecision]:
        if shown.at is None:
            return []
        found = self.store.decided_since(campaign_id, scope, shown.at)
        return [decision for decision in found if decision.submission_id not in shown.without]

    def _with_others(
        self,
        done: Together,
        others: Sequence[RecordedDecision],
        verdict: Verdict,
        moderator: Decider,
    ) -> Together:
        """Told beside what was done: what others decided. The same by the same hand is no conflict.

        Who sends an act again is told the act that was written first.
        """
        known = {*done.decided, *(refusal.submission_id for refusal in done.refused)}
        refused = list(done.refused)
        act = done.act
        for decision in others:
            if decision.submission_id in known:
                continue
            by = decision.decision.decided_by
            if (by.kind, by.id) == (moderator.kind, moderator.id):
                is_again = decision.decision.verdict is verdict and decision.act
                act = decision.act if is_again and not done.decided else act
                continue
            words = f"{by.name or 'A person at the blog'} decided meanwhile"
            refused.append(Refusal(decision.submission_id, words, decision))
        return replace(done, act=act, refused=tuple(refused))
