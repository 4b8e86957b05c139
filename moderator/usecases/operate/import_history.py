"""Takes a site's history in from a file: what was sent there, and what people decided.

1. The whole file is read once before anything is written: a file that is none is refused whole.
2. Records are stored in batches, each with the position behind it in one transaction. Whoever is
   killed goes on behind the last batch when the same file is given again.
3. What the site has already is left as it is; what was erased stays erased.
4. Nobody is told: no callback, no question to anybody outside, no report to a spam service.
5. At the end what people decided last is queued to be learned, a bounded number of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.decisions.exported import (
    ImportBatch,
    ImportCounts,
    ImportState,
    Kept,
    SiteExport,
    SubmissionRecord,
    Tombstone,
    moved,
    platform_id,
    tombstone_moved,
)
from moderator.domain.history.reputation import HostRuling, staked
from moderator.domain.policy import Policy
from moderator.domain.ports import NearIndex
from moderator.domain.site import Site
from moderator.intake.imports import Found
from moderator.intake.imports.comment import ExportedComment, ImportedSite, PassedOver
from moderator.judgement.near.sketch import sketched

BATCH = 250  # records in one transaction: others wait for it
NEAR_KEPT = timedelta(days=14)  # as long as the index of near copies remembers a text
MAX_LESSONS = 5_000  # what one layer remembers (judgement/learning/site_layer.py: KEPT)
RULED = frozenset({"approved", "spam"})

Progress = Callable[[int], None]


class ImportStore(Protocol):
    def state(self, site_id: str, digest: str) -> ImportState:
        """How far a file was read; nothing of one that is not known."""
        ...

    def begin(self, site_id: str, digest: str, format_name: str) -> None:
        """Have a file known."""
        ...

    def known(self, site_id: str, records: Iterable[Kept]) -> set[str]:
        """Which of these the site has already, by the blog's ids."""
        ...

    def add(self, site_id: str, digest: str, batch: ImportBatch) -> ImportCounts:
        """Store a batch and the position behind it, or nothing of it; return all counts with it."""
        ...

    def finish(self, site_id: str, digest: str, lessons: int) -> int:
        """Queue the latest decisions to be learned, at most so many; return how many."""
        ...


class SiteSettings(Protocol):
    def set_policy(self, site_id: str, policy: Policy) -> None: ...

    def set_langs(self, site_id: str, langs: tuple[str, ...]) -> None: ...


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds and what would become of it; `records` is how many it has."""

    records: int
    counts: ImportCounts


@dataclass(frozen=True, slots=True)
class ImportHistory:
    """Imports one file for one site; `near` is None where there is no index of near copies."""

    store: ImportStore
    choices: SiteSettings
    near: NearIndex | None
    site: Site
    now: datetime
    title: str

    def survey(self, found: Iterable[Found], progress: Progress) -> Survey:
        """Read the whole file and write nothing. Raises MalformedError for what is no such file."""
        counts, position = ImportCounts(), 0
        for batch in _batches(self._records(found)):
            position += len(batch)
            kept = self._count(batch, counts)
            known = self.store.known(self.site.id, kept)
            for each in kept:
                if platform_id(each) in known:
                    counts.known += 1
                else:
                    counts.stored[_status(each)] += 1
            progress(position)
        return Survey(position, counts)

    def __call__(self, found: Iterable[Found], digest: str, progress: Progress) -> ImportState:
        """Import what is not imported yet of this file."""
        self.store.begin(self.site.id, digest, self.title)
        state = self.state(digest)
        if state.finished_at is not None:
            return state
        position, counts = state.position, state.counts
        records = self._records(found, chooses=position == 0)
        for batch in _batches(islice(records, position, None)):
            position += len(batch)
            kept = tuple(self._count(batch, counts))
            counts.without_near += self._sketch(kept)
            counts = self.store.add(
                self.site.id, digest, ImportBatch(kept, self._rulings(kept), position, counts)
            )
            progress(position)
        lessons = self.store.finish(self.site.id, digest, MAX_LESSONS)
        return replace(self.state(digest), lessons=lessons)

    def state(self, digest: str) -> ImportState:
        """How far this file was read for the site."""
        return self.store.state(self.site.id, digest)

    def _records(
        self, found: Iterable[Found], *, chooses: bool = False
    ) -> Iterator[Kept | PassedOver]:
        """What is to be stored of what was found, as this site's own."""
        made = ImportedSite(self.site.id, self.now, self.title, self.site.url)
        for each in found:
            match each:
                case ExportedComment():
                    yield made.record(each)
                case SubmissionRecord():
                    yield moved(each, self.site.id)
                case Tombstone():
                    yield tombstone_moved(each, self.site.id)
                case SiteExport():
                    if chooses:
                        self._choose(each)
                case PassedOver():
                    yield each

    def _choose(self, export: SiteExport) -> None:
        """Take over what the site had chosen, where nothing was chosen here yet."""
        if self.site.policy == Policy():
            self.choices.set_policy(self.site.id, export.policy)
        if not self.site.langs:
            self.choices.set_langs(self.site.id, export.langs)

    def _count(self, batch: Iterable[Kept | PassedOver], counts: ImportCounts) -> list[Kept]:
        """What is to be stored; of several with one id the first."""
        kept: dict[str, Kept] = {}
        for each in batch:
            if isinstance(each, PassedOver):
                counts.passed[each.reason] += 1
            elif kept.setdefault(platform_id(each), each) is not each:
                counts.known += 1
        return list(kept.values())

    def _sketch(self, records: Iterable[Kept]) -> int:
        """Tell the index of near copies what it would remember; return how many it was not told."""
        since = self.now - NEAR_KEPT
        fresh = [
            Facts(each.submission, self.site.hosts)
            for each in records
            if isinstance(each, SubmissionRecord) and each.submission.received_at >= since
        ]
        if not fresh:
            return 0
        is_told = self.near is not None and self.near.find_and_add(sketched(fresh)) is not None
        return 0 if is_told else len(fresh)

    def _rulings(self, records: Iterable[Kept]) -> tuple[HostRuling, ...]:
        """What people's decisions say of what was named and brought."""
        found = []
        for each in records:
            if isinstance(each, SubmissionRecord) and _is_ruling(each):
                facts = Facts(each.submission, self.site.hosts)
                if names := staked(facts, self.site):
                    is_spam = each.state.status == "spam"
                    found.append(HostRuling(each.submission.id, names, is_spam=is_spam))
        return tuple(found)


def _is_ruling(record: SubmissionRecord) -> bool:
    decided = record.decisions[-1].recorded.decision.decided_by.kind if record.decisions else None
    return decided is not None and decided.is_person and record.state.status in RULED


def _status(record: Kept) -> str:
    return "erased" if isinstance(record, Tombstone) else record.state.status


def _batches(
    records: Iterable[Kept | PassedOver],
) -> Iterator[Sequence[Kept | PassedOver]]:
    coming = iter(records)
    while batch := list(islice(coming, BATCH)):
        yield batch
