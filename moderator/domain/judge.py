"""The local judgement: one pure function from submissions and what is known around them.

The worker, `moderator judge` and the replay of a history all judge by it. In this order: every
local check answers; what is settled, or has nothing to ask outside, is decided; what a person will
read about a text is explained, for the whole batch at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderator.domain.check import Context, LocalCheck, RemoteCheck, TextJudge, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import MIN_SHOWN_MEMBERS
from moderator.domain.policy import TAUGHT_TEXT, decide, is_settled, verdict_of
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision, Verdict

TEXT = "spam_text"  # the check whose finding tells what carried the text's score
EXPLAINED = frozenset({"spam_text", TAUGHT_TEXT})
READ = frozenset({Verdict.HOLD, Verdict.SPAM})  # by people, who ask why

Findings = tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One submission with its context; `known` is what remote checks found before."""

    submission: Submission
    context: Context
    known: Findings = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The local findings; no `decision` where remote checks must run first."""

    findings: Findings
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Judge:
    """`text_judge` explains what it scored; without one nothing is explained."""

    local: tuple[LocalCheck, ...]
    remote: tuple[RemoteCheck, ...] = ()
    text_judge: TextJudge | None = None

    def __call__(self, cases: Sequence[Case]) -> list[Judged]:
        return self.weigh([(case, self.find(case)) for case in cases])

    def find(self, case: Case) -> Findings:
        """What every local check finds, and what was found before."""
        submission, context = case.submission, case.context
        found: list[Finding] = []
        for check in self.local:
            answer = check.run(submission, context)
            if isinstance(answer, Finding):
                found.append(answer)
            else:
                found.extend(answer)
        return (*found, *case.known)

    def weigh(self, found: Sequence[tuple[Case, Findings]]) -> list[Judged]:
        """Decide by what was found, case by case, in order."""
        asks = [self._must_ask(case, findings) for case, findings in found]
        explained = self._explained(found, asks)
        return [
            Judged(findings, None if must_ask else decide(findings, case.context.site.policy))
            for (case, _), findings, must_ask in zip(found, explained, asks, strict=True)
        ]

    def _must_ask(self, case: Case, findings: Findings) -> bool:
        if not self.remote or is_settled(findings, case.context.site.policy):
            return False
        asked = {finding.check for finding in findings}
        submission, context = case.submission, case.context
        return any(c.name not in asked and c.applies(submission, context) for c in self.remote)

    def _explained(
        self, found: Sequence[tuple[Case, Findings]], asks: Sequence[bool]
    ) -> list[Findings]:
        """The findings, those on texts in full where somebody will read them."""
        told = [findings for _, findings in found]
        if self.text_judge is None:
            return told
        wanted: list[tuple[int, TextScore]] = []
        for place, ((case, findings), must_ask) in enumerate(zip(found, asks, strict=True)):
            score = case.context.text_score
            if score is not None and _is_read(case, findings, must_ask=must_ask):
                wanted.append((place, score))
        scores = self.text_judge.explain(
            [(_facts(found[place][0]), score) for place, score in wanted]
        )
        for (place, _), score in zip(wanted, scores, strict=True):
            told[place] = self._in_full(found[place][0], told[place], score)
        return told

    def _in_full(self, case: Case, findings: Findings, score: TextScore) -> Findings:
        context = replace(case.context, text_score=score)
        full = [check.run(case.submission, context) for check in self.local if check.name == TEXT]
        by_name = {each.check: each for each in full if isinstance(each, Finding)}
        return tuple(by_name.get(finding.check, finding) for finding in findings)


def _facts(case: Case) -> Facts:
    return case.context.about(case.submission)


def _is_read(case: Case, findings: Findings, *, must_ask: bool) -> bool:
    """Whether somebody will read why the text counts against it.

    The first two of a campaign on a site tell it for all: the others say the same.
    """
    if EXPLAINED.isdisjoint([finding.code for finding in findings]):
        return False
    site, campaign = case.context.site, case.context.campaign
    share = campaign.shares.get(site.id) if campaign else None
    if share is not None and share.members >= MIN_SHOWN_MEMBERS:
        return False
    return must_ask or verdict_of(findings, site.policy) in READ
