"""The near-duplicate index in this process's memory: for streams judged without a service."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from moderator.domain.ports import NearMatch, Newcomer
from moderator.judgement.sketch import NEAR, Sketches, bands, similarity

MEMBERS = 24  # of one band that are remembered: a hot campaign costs no more than a small one
CLOSEST = 0.99  # only the text itself can tell that two are the very same

Key = tuple[str, bytes]  # site id, band


class MemoryNearIndex:
    """Honours domain.ports.NearIndex."""

    def __init__(self) -> None:
        self._members: dict[Key, list[str]] = defaultdict(list)
        self._sketches: dict[str, Sketches] = {}

    def meet(self, newcomers: Sequence[Newcomer]) -> list[tuple[NearMatch, ...]]:
        met: list[dict[str, float]] = []
        places = {newcomer.submission_id: place for place, newcomer in enumerate(newcomers)}
        for newcomer in newcomers:
            found = self._meet(newcomer)
            for other, alike in found.items():
                if other in places:  # those of one batch meet both ways
                    met[places[other]][newcomer.submission_id] = alike
            met.append(found)
        return [tuple(sorted(each.items(), key=lambda match: -match[1])) for each in met]

    def _meet(self, newcomer: Newcomer) -> dict[str, float]:
        row = np.frombuffer(newcomer.sketch, dtype="<u4")
        seen: set[str] = set()
        for band in bands(row):
            members = self._members[newcomer.site_id, band]
            seen.update(members)
            if len(members) < MEMBERS:
                members.append(newcomer.submission_id)
        self._sketches[newcomer.submission_id] = row
        seen.discard(newcomer.submission_id)
        alike = {other: similarity(row, self._sketches[other]) for other in sorted(seen)}
        return {other: min(share, CLOSEST) for other, share in alike.items() if share >= NEAR}
