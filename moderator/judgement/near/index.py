"""The near-duplicate index in this process's memory: for streams judged without a service.

It finds what the index in Redis finds of one site, by the same keys and the same estimate.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderator.domain.ports import NearMatch, SketchedText
from moderator.judgement.near.sketch import (
    NEAR_SIMILARITY,
    PERMUTATIONS,
    LowBytes,
    band_keys,
    likeness,
)

MAX_BAND_MEMBERS = 24  # that are remembered: a hot campaign costs no more than a small one
MAX_MATCHES = 32  # that are told of one text: the closest of its site, and of all others
CLOSEST_SIMILARITY = 0.99  # only the text itself can tell that two are the very same
MAX_TEXTS = 1024  # texts
NOBODY: tuple[int, ...] = ()
ID_BYTES = 16  # bytes of a submission's id

Places = NDArray[np.intp]
Ids = NDArray[np.uint8]  # one row of ID_BYTES bytes each


@dataclass(frozen=True, slots=True)
class NearMatches:
    """Pairs: whose each of the others is, its id, whether it is of the same site, how alike."""

    who: Places
    others: Ids
    own: NDArray[np.bool_]
    shares: NDArray[np.float64]


class MemoryNearIndex:
    """Honours domain.ports.NearIndex."""

    def __init__(self) -> None:
        self._bands: dict[str, dict[int, tuple[int, ...]]] = defaultdict(dict)
        self._places: dict[str, int] = {}
        self._low: LowBytes = np.empty((MAX_TEXTS, PERMUTATIONS), dtype=np.uint8)
        self._ids: Ids = np.empty((MAX_TEXTS, ID_BYTES), dtype=np.uint8)

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]]:
        if not newcomers:
            return []
        joined = b"".join([newcomer.sketch for newcomer in newcomers])
        sketches = np.frombuffer(joined, dtype="<u4").reshape(-1, PERMUTATIONS)
        found = [
            self._others(newcomer, keys)
            for newcomer, keys in zip(newcomers, band_keys(sketches).tolist(), strict=True)
        ]
        low, ids = sketches.astype(np.uint8), ids_of(newcomers)
        self._remember(newcomers, low, ids)
        who = np.repeat(np.arange(len(newcomers)), [len(others) for others in found])
        whom = np.array([other for others in found for other in others], dtype=np.intp)
        own = np.ones(len(who), dtype=bool)  # one site never meets another here
        return matches(
            ids, NearMatches(who, self._ids[whom], own, likeness(self._low[whom], low[who]))
        )

    def _others(self, newcomer: SketchedText, keys: Sequence[int]) -> list[int]:
        """Who shares a band; the newcomer stands in the bands from now on."""
        place = self._places.setdefault(newcomer.submission_id, len(self._places))
        bands = self._bands[newcomer.site_id]
        found: set[int] = set()
        for key in keys:
            members = bands.get(key, NOBODY)
            found.update(members)
            if len(members) < MAX_BAND_MEMBERS and place not in members:
                bands[key] = (*members, place)
        found.discard(place)
        return list(found)

    def _remember(self, newcomers: Sequence[SketchedText], low: LowBytes, ids: Ids) -> None:
        while len(self._places) > len(self._low):
            self._low = np.concatenate((self._low, np.empty_like(self._low)))
            self._ids = np.concatenate((self._ids, np.empty_like(self._ids)))
        places = [self._places[newcomer.submission_id] for newcomer in newcomers]
        self._low[places] = low
        self._ids[places] = ids


def ids_of(newcomers: Sequence[SketchedText]) -> Ids:
    joined = b"".join([bytes.fromhex(newcomer.submission_id) for newcomer in newcomers])
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, ID_BYTES)


def matches(newcomers: Ids, met: NearMatches) -> list[tuple[NearMatch, ...]]:
    """Whom each newcomer resembles, closest first; those of one batch meet both ways.

    Of its own site the closest MAX_MATCHES, and as many of all others.
    """
    near = np.flatnonzero(met.shares >= NEAR_SIMILARITY)
    found: list[dict[str, float]] = [{} for _ in newcomers]
    if len(near):
        who, others, own, shares = met.who[near], met.others[near], met.own[near], met.shares[near]
        back, mine = _both_ways(newcomers, others)
        group = np.concatenate((who * 2 + own, back * 2 + own[mine]))
        whom = np.concatenate((others, newcomers[who[mine]]))
        similar = np.minimum(
            np.round(np.concatenate((shares, shares[mine])), 3), CLOSEST_SIMILARITY
        )
        first, second = _numbers(whom).T
        order = np.lexsort((second, first, -similar, group))
        group, whom, similar = group[order], whom[order], similar[order]
        rank = np.arange(len(group)) - np.searchsorted(group, group)
        for at in np.flatnonzero(rank < MAX_MATCHES).tolist():
            found[group[at] // 2].setdefault(whom[at].tobytes().hex(), float(similar[at]))
    return [tuple(sorted(each.items(), key=_closest_first)) if each else () for each in found]


def _closest_first(match: NearMatch) -> tuple[float, str]:
    return (-match[1], match[0])


def _both_ways(newcomers: Ids, others: Ids) -> tuple[Places, Places]:
    """Those of the others who are newcomers themselves: which ones, and where they stand."""
    known, asked = _numbers(newcomers), _numbers(others)
    order = np.argsort(known[:, 1])
    place = np.searchsorted(known[order, 1], asked[:, 1])
    place = order[np.minimum(place, len(order) - 1)]
    mine = np.flatnonzero((known[place] == asked).all(axis=1))
    return place[mine], mine


def _numbers(ids: Ids) -> NDArray[np.uint64]:
    """Ids as two numbers each, which sort as the ids do."""
    return np.ascontiguousarray(ids).view(">u8").astype(np.uint64)
