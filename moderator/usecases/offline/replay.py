"""Judge again what a site was sent, as a stream and by another policy; nothing is written.

In the order of arrival, each knowing what came before it and what people said of that. What was
found outside at the time (Akismet, sources, links) counts as it did.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.finding import Finding
from moderator.domain.history.record import PastVerdict
from moderator.domain.verdict import Verdict
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.usecases.offline.stream import Stream

PAGE_SUBMISSIONS = 200  # submissions that are read at once


@dataclass(frozen=True, slots=True)
class ReplayedVerdict:
    """One submission with what would be said of it now."""

    record: PastVerdict
    verdict: Verdict
    score: float
    findings: tuple[Finding, ...] = ()


class History(Protocol):
    def page(self, site_id: str, after: str, limit: int) -> Sequence[PastVerdict]:
        """The next submissions of a site whose id is greater, in the order of their ids."""
        ...


def replay(
    history: History, site_id: str, stream: Stream, learner: StreamLearner, remote: frozenset[str]
) -> Iterator[ReplayedVerdict]:
    """`remote` names the checks whose old findings stand."""
    after = ""
    while records := history.page(site_id, after, PAGE_SUBMISSIONS):
        for record in records:
            it, now = record.submission, record.submission.received_at
            known = tuple(each for each in record.findings if each.check in remote)
            (judged,) = stream.judge([it], now, {it.id: known})
            decision = judged.decision
            yield ReplayedVerdict(record, decision.verdict, decision.score, judged.findings)
            if record.by_person is not None:
                stream.learn(it, record.by_person, now)
                learner.told(it.text, record.by_person)
        after = records[-1].submission.id
