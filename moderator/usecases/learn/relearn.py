"""Retrains a site's layer from its lessons: one was taken back, or the shared model is new."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.history.reputation import HostRuling
from moderator.domain.queue import Ticket
from moderator.judgement.learning.anchors import basis
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.judgement.learning.teaching import Lesson, relearn
from moderator.judgement.learning.traces import StoredLesson
from moderator.judgement.text.model import Model
from moderator.usecases.ports import EventLog

NOBODY: frozenset[str] = frozenset()


class LessonStore(Protocol):
    def load(self, site_id: str) -> tuple[SiteLayer, int]: ...

    def every_lesson(self, site_id: str) -> Iterator[tuple[str, StoredLesson]]:
        """What each submission of a site taught, with its id."""
        ...


class OutdatedModels(LessonStore, Protocol):
    def outdated(self, basis: str, after: str) -> str:
        """The next site by id whose layer was learned upon something else; '' for none."""
        ...

    def save(
        self,
        tickets: Sequence[Ticket],
        layers: Mapping[str, tuple[SiteLayer, int]],
        rulings: Sequence[HostRuling],
        lessons: Mapping[str, StoredLesson | None],
    ) -> bool: ...


@dataclass(slots=True)
class RetrainSiteModel:
    """Retrains, one site at a time, layers that were trained upon another shared model.

    Until then a site's layer judges as it is.
    """

    layers: OutdatedModels
    model: Model
    log: EventLog
    _after: str | None = ""

    def __call__(self) -> int:
        """Learn one layer anew; return how many that was. Nothing is asked once all are done."""
        if self._after is None:
            return 0
        site_id = self.layers.outdated(basis(self.model), self._after)
        if not site_id:
            self._after = None
            return 0
        self._after = site_id
        try:
            self._learn(site_id)
        except StorageUnavailableError:
            raise
        except ANYTHING as error:
            self.log.failure("retrain_failed", error, site=site_id)
        return 1

    def _learn(self, site_id: str) -> None:
        layer, version = self.layers.load(site_id)
        layer = learned_anew(self.layers, site_id, layer, self.model)
        # Another worker may have been faster: then nothing is saved.
        self.layers.save([], {site_id: (layer, version)}, [], {})
        self.log.info("retrained", site=site_id, lessons=layer.lessons)


def learned_anew(
    notebook: LessonStore,
    site_id: str,
    layer: SiteLayer,
    model: Model,
    without: AbstractSet[str] = NOBODY,
) -> SiteLayer:
    """The layer as its lessons make it, in their order; `without` names those that are gone.

    A layer of the old format knew its lessons by their texts.
    """
    order = {key: place for place, key in enumerate(layer.steps)}
    found: list[tuple[int, str, Lesson]] = []
    for id_, taught in notebook.every_lesson(site_id):
        place = order.get(id_, order.get(taught.text))
        if place is not None and id_ not in without:
            found.append((place, id_, taught.lesson(id_)))
    found.sort(key=lambda each: each[:2])
    return relearn([each for _, _, each in found], model)
