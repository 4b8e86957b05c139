"""Which alike submissions are looked at, and in what order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from moderator.domain.check import Sibling
from moderator.domain.copies.rules import precedence
from moderator.domain.history.campaign import Relative
from moderator.domain.ports import NearMatch

MAX_NEAR_TEXTS = 8  # near texts of each kind that are looked at, however hot a campaign


def closest(
    id_: str, matches: Sequence[NearMatch], siblings: Mapping[str, Sibling]
) -> Iterator[Sibling]:
    """The closest of those that came before, of those that people decided about, and of linkbacks.

    An excerpt may turn out to be a copy of one that comes later; a comment never does.
    """
    if len(matches) <= MAX_NEAR_TEXTS:
        chosen: Iterable[NearMatch] = matches
    else:
        groups = (
            [match for match in matches if match[0] < id_],
            [match for match in matches if match[0] in siblings and siblings[match[0]].by_person],
            [match for match in matches if match[0] in siblings and siblings[match[0]].page],
        )
        chosen = dict.fromkeys(match for group in groups for match in group[:MAX_NEAR_TEXTS])
    for other, similarity in chosen:
        if other in siblings:
            yield replace(siblings[other], similarity=similarity)


def relative(sibling: Sibling) -> Relative | None:
    """None for one that was erased: it has no text any more."""
    if sibling.status == "erased":
        return None
    return Relative(sibling.id, sibling.similarity, is_waiting=sibling.status == "queued")


def family(id_: str, same: tuple[Sibling, ...], near: tuple[Sibling, ...]) -> tuple[Sibling, ...]:
    """Everybody with the same or a near text but oneself, earliest first."""
    found = {sibling.id: sibling for sibling in near}
    found.update({sibling.id: sibling for sibling in same})
    found.pop(id_, None)
    return tuple(
        sorted(found.values(), key=lambda s: (precedence(s.created_at, s.platform_id), s.id))
    )
