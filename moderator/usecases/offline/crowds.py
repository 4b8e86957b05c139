"""Who shares an address or a name, in memory: what the database finds by its indexes."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import name_key
from moderator.domain.history.crowd import (
    BURST_GAP,
    EARLIER_WINDOW,
    MAX_EARLIER_COMMENTS,
    MAX_NEIGHBOURS,
    MIN_OTHERS,
    WINDOW_OF,
    CrowdQuery,
    Neighbour,
    Neighbours,
    SharedTrait,
    neighbour,
)
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict

APPROVED = Verdict.APPROVE.status

_Row = list[tuple[datetime, str]]  # time and id, in order


@dataclass(slots=True)
class Crowds:
    _rows: dict[tuple[SharedTrait, str, str], _Row] = field(
        default_factory=lambda: defaultdict(list)
    )
    _said: dict[str, Submission] = field(default_factory=dict)
    _told: dict[str, Neighbour] = field(default_factory=dict)  # as far as somebody asked

    def add(self, it: Submission, address: str) -> None:
        """`address` is the key of where it came from."""
        if it.linkback is not None:
            return
        self._said[it.id] = it
        keys = {SharedTrait.ADDRESS: address, SharedTrait.NAME: name_key(it)}
        for common, key in keys.items():
            if key:
                insort(self._rows[common, it.site_id, key], (it.created_at, it.id))

    def neighbours(
        self, asked: Iterable[CrowdQuery], decided: Mapping[str, tuple[str, bool]]
    ) -> Neighbours:
        """Who else has what is asked about. `decided` is each one's status, and if by a person."""
        found = {}
        for one in asked:
            ids = list(self._beside(one))
            if len(ids) >= MIN_OTHERS[one.common]:
                ids += self._long_before(one)
                found[one] = tuple(self._neighbour(id_, decided) for id_ in ids)
        return found

    def _beside(self, asked: CrowdQuery) -> Iterator[str]:
        """Of the same moment all came before: the database reads them like that."""
        row = self._rows.get((asked.common, asked.site_id, asked.key), [])
        end = bisect_right(row, asked.at, key=_time)
        before = [
            each for each in row[max(0, end - MAX_NEIGHBOURS - 1) : end] if each[1] != asked.id
        ]
        for at, id_ in (*before[-MAX_NEIGHBOURS:], *row[end : end + MAX_NEIGHBOURS]):
            if abs(at - asked.at) <= WINDOW_OF[asked.common]:
                yield id_

    def _long_before(self, asked: CrowdQuery) -> list[str]:
        if asked.common is not SharedTrait.ADDRESS:
            return []
        row = self._rows.get((asked.common, asked.site_id, asked.key), [])
        end = bisect_right(row, asked.at - BURST_GAP, key=_time)
        last = row[max(0, end - MAX_EARLIER_COMMENTS) : end]
        return [id_ for at, id_ in last if at >= asked.at - EARLIER_WINDOW]

    def _neighbour(self, id_: str, decided: Mapping[str, tuple[str, bool]]) -> Neighbour:
        told = self._told.get(id_)
        if told is None:
            facts = Facts(self._said[id_])
            told = self._told[id_] = neighbour(facts, is_published=False, is_welcome=False)
        status, by_person = decided[id_]
        if status != APPROVED:
            return told
        return replace(told, is_published=True, is_welcome=by_person)


def _time(row: tuple[datetime, str]) -> datetime:
    return row[0]
