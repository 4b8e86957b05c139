"""Finds who says the same in other words: by phrases that are kept of what looks suspicious.

A few look-ups for a batch: who shares phrases, which campaigns they are in, what they say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Protocol
from zlib import crc32

from moderator.domain.content.facts import Facts
from moderator.domain.history.campaign import Campaign, Relative
from moderator.domain.queue import StoredSubmission
from moderator.domain.site import Site
from moderator.domain.text.rewording import HOLDERS, NOTHING, Told, resemblance, told

MEETING = 2  # phrases by which two texts meet
COMPARED = 6  # texts that one is compared with: those it meets most


class PhraseStore(Protocol):
    def holders(self, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The latest HOLDERS submissions that hold each phrase; phrases of nobody are left out."""
        ...

    def campaigns(self, ids: Iterable[str]) -> dict[str, Campaign]: ...

    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that may have been told before; `keys` are kept of it."""

    id: str
    said: Told
    keys: tuple[int, ...]


def asked(facts: Facts, site: Site, *, is_across: bool) -> Asked | None:
    """None for what is too short. Sites that are not to see each other have keys of their own."""
    said = told(facts.words)
    if said is NOTHING:
        return None
    salt = 0 if is_across else crc32(site.id.encode())
    return Asked(facts.submission.id, said, tuple(key ^ salt for key in said.keys))


@dataclass(slots=True)
class Rewordings:
    """Those of one batch meet each other in the order of arrival."""

    store: PhraseStore
    _holders: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    _said: dict[str, Told] = field(default_factory=dict)
    _families: dict[str, str] = field(default_factory=dict)  # by member: whom belongs together

    def __call__(self, everyone: Sequence[Asked]) -> dict[str, tuple[Relative, ...]]:
        """The relatives of each, as far as it has some."""
        if not everyone:
            return {}
        self._load(everyone)
        found = {one.id: self._relatives(one) for one in sorted(everyone, key=lambda one: one.id)}
        return {id_: relatives for id_, relatives in found.items() if relatives}

    def _load(self, everyone: Sequence[Asked]) -> None:
        known = self.store.holders({key for one in everyone for key in one.keys})
        mine = {one.id for one in everyone}
        for key, ids in known.items():
            self._holders[key] = [id_ for id_ in ids if id_ not in mine]
        wanted = {id_ for one in everyone for id_ in self._met(one)}
        stored_submissions = self.store.stored_submissions(wanted) if wanted else {}
        self._said |= {
            id_: told(Facts(s.submission).words) for id_, s in stored_submissions.items()
        }
        campaigns = self.store.campaigns(wanted | mine) if wanted else {}
        self._families |= {id_: campaign.id for id_, campaign in campaigns.items()}

    def _met(self, one: Asked) -> list[str]:
        """Who shares phrases with it: those who share most, of these the latest."""
        met = Counter(id_ for key in one.keys for id_ in self._holders.get(key, ()))
        met.pop(one.id, None)
        often = ((count, id_) for id_, count in met.items() if count >= MEETING)
        return [id_ for _, id_ in nlargest(COMPARED, often)]

    def _relatives(self, one: Asked) -> tuple[Relative, ...]:
        families: Mapping[str, list[str]] = defaultdict(list)
        for id_ in self._met(one):
            if id_ in self._said:
                families[self._families.get(id_, id_)].append(id_)
        found: dict[str, float] = {}
        closest = (0.0, one.id)
        for family, ids in families.items():
            shares = {id_: resemblance(one.said, [self._said[id_]]) for id_ in ids}
            together = resemblance(one.said, [self._said[id_] for id_ in ids])
            if together or any(shares.values()):
                found |= {id_: share or together for id_, share in shares.items()}
                closest = max(closest, (max(together, *shares.values()), family))
        self._remember(one, closest[1])
        relatives = (Relative(id_, round(share, 3), is_reworded=True)
                     for id_, share in found.items() if share)  # fmt: skip
        return tuple(relatives)

    def _remember(self, one: Asked, family: str) -> None:
        self._said[one.id] = one.said
        self._families.setdefault(one.id, family)
        for key in one.keys:
            holders = self._holders[key]
            holders.append(one.id)
            del holders[:-HOLDERS]


def merged(
    alike: dict[str, list[Relative]], reworded: Mapping[str, tuple[Relative, ...]]
) -> dict[str, list[Relative]]:
    """Those who say it in other words come after those who say nearly the same."""
    for id_, relatives in reworded.items():
        known = {one.id for one in alike[id_]}
        alike[id_] += [one for one in relatives if one.id not in known]
    return alike
