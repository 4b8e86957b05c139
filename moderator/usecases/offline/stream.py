"""Judge a stream without a service: the same contexts, local checks and policy, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from moderator.domain.check import Context, LocalCheck, TextJudge
from moderator.domain.content.facts import Facts
from moderator.domain.copies.rules import corrected, may_be_copies
from moderator.domain.finding import Finding
from moderator.domain.judge import Case, Judge
from moderator.domain.ports import NearIndex
from moderator.domain.queue import StoredSubmission
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision, Verdict
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.offline.site_memory import SiteMemory

NOTHING_KNOWN: Mapping[str, tuple[Finding, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StreamVerdict:
    """`campaign` is our id of the first of a family of texts that is large enough to be one."""

    decision: Decision
    campaign: str = ""
    findings: tuple[Finding, ...] = ()


class Stream:
    """One site's submissions, judged in the order they come."""

    def __init__(
        self, site: Site, local: tuple[LocalCheck, ...], near: NearIndex, text_judge: TextJudge
    ) -> None:
        self.past = SiteMemory(site)
        self._site = site
        self._judge = Judge(local, text_judge=text_judge)
        self._surroundings = ContextLoader(self.past, self.past, near, text_judge)
        self._known: dict[str, tuple[Finding, ...]] = {}

    def judge(
        self,
        submissions: Sequence[Submission],
        now: datetime,
        known: Mapping[str, tuple[Finding, ...]] = NOTHING_KNOWN,
    ) -> list[StreamVerdict]:
        """Decide on a batch; each is judged knowing all before it and those of its batch.

        `known` is what remote checks found, by submission id: a stream asks nobody outside. What
        follows for earlier ones (copies, and what was corrected) is judged again, and not told.
        """
        self._known.update(known)
        seen = {each.id: Facts(each, self._site.hosts) for each in submissions}
        stored_submissions = {id_: undecided(facts) for id_, facts in seen.items()}
        for stored in stored_submissions.values():
            self.past.add(stored)
        judged, following = self._judged(stored_submissions, now, seen)
        for submission, one in zip(submissions, judged, strict=True):
            following |= self._record(submission.id, one)
        self._judge_again(following, now)
        return judged

    def _judged(
        self,
        stored_submissions: Mapping[str, StoredSubmission],
        now: datetime,
        seen: Mapping[str, Facts],
    ) -> tuple[list[StreamVerdict], set[str]]:
        """The judgements, and who may be a copy of what was judged later than it was said."""
        contexts = self._surroundings(stored_submissions, now, seen)
        cases = [
            Case(stored.submission, contexts[id_], self._known.get(id_, ()))
            for id_, stored in stored_submissions.items()
        ]
        judged: list[StreamVerdict] = []
        copies: set[str] = set()
        for case, (findings, decision) in zip(cases, self._decided(cases), strict=True):
            self.past.join(case.context.joining)
            self.past.keep_phrases(case.submission.id, case.context.phrases)
            judged.append(StreamVerdict(decision, self._first(case.context), findings))
            copies.update(may_be_copies(case.submission, case.context, findings))
        return judged, copies - stored_submissions.keys()

    def _record(self, id_: str, judged: StreamVerdict) -> set[str]:
        """Record a decision; return whom it may concern, as storage/copies.py has it."""
        verdict, copied = judged.decision.verdict, judged.decision.duplicate_of
        self.past.decided(id_, verdict, duplicate_of=copied)
        if verdict is Verdict.APPROVE:
            return set(corrected(judged.findings))
        return self.past.copies_of(id_) if _leaves(verdict, copied) else set()

    def _judge_again(self, following: set[str], now: datetime) -> None:
        """Judge those again, and whom it concerns if that changes something."""
        while following:
            stored_submissions = {each.submission.id: each for each in self.past.by_rule(following)}
            judged, following = (
                self._judged(stored_submissions, now, {}) if stored_submissions else ([], set())
            )
            for id_, one in zip(stored_submissions, judged, strict=True):
                decision = one.decision
                if self.past.stands(id_) != (decision.verdict.status, decision.duplicate_of):
                    following |= self._record(id_, one)

    def _decided(self, cases: Sequence[Case]) -> Iterable[tuple[tuple[Finding, ...], Decision]]:
        """Nobody outside is asked, so there always is a decision."""
        for judged in self._judge(cases):
            if judged.decision is not None:
                yield judged.findings, judged.decision

    def _first(self, context: Context) -> str:
        """The first member of the campaign that a submission is in; '' where it is none yet."""
        campaign = context.campaign
        if campaign is None or not campaign.is_shown:
            return ""
        return campaign.shares[self._site.id].first_id

    def learn(self, submission: Submission, verdict: Verdict, now: datetime) -> None:
        """Record what a moderator said of a submission that was judged; thrown away says little."""
        self.past.decided(submission.id, verdict, by_person=True)
        if verdict in (Verdict.SPAM, Verdict.APPROVE):
            self.past.ruled(submission, now, is_spam=verdict is Verdict.SPAM)
        if verdict is Verdict.APPROVE:
            self._judge_again(set(self.past.before_at_place(submission.id)), now)
        elif _leaves(verdict, ""):
            self._judge_again(self.past.copies_of(submission.id), now)


def _leaves(verdict: Verdict, copied: str) -> bool:
    """Whether nobody may be a copy of it any more."""
    return verdict is Verdict.SPAM or (verdict is Verdict.DISCARD and not copied)


def undecided(facts: Facts) -> StoredSubmission:
    """A submission as it is stored before anything is decided."""
    return StoredSubmission(
        submission=facts.submission,
        sequence=0,
        status="queued",
        text_key=facts.text_key,
        author_key=facts.author_key,
        place_key=facts.place_key,
        address_key=facts.address_key,
    )
