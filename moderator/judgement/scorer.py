"""Scores the texts of a batch with the shared model and, where there is one, the site's layer."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from moderator.domain.check import TextScore
from moderator.domain.submission import Submission
from moderator.judgement.explain import carriers
from moderator.judgement.features import features
from moderator.judgement.model import Model, probability
from moderator.judgement.site_layer import SiteLayer

EXPLAINED = 0.4  # below, nobody asks why

Layers = Callable[[str], SiteLayer | None]  # by site id


@dataclass(frozen=True, slots=True)
class Scorer:
    """Honours domain.check.TextJudge."""

    model: Model
    layers: Layers | None = None

    def score(self, submissions: Sequence[Submission]) -> list[TextScore]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, submission in enumerate(submissions):
            places[submission.site_id].append(place)
        scores: dict[int, TextScore] = {}
        plain: list[int] = []
        for site_id, group in places.items():  # one layer at a time: they are large
            layer = self.layers(site_id) if self.layers else None
            if layer is None:
                plain += group
            else:
                found = self._scored([submissions[place].text for place in group], layer)
                scores.update(zip(group, found, strict=True))
        found = self._scored([submissions[place].text for place in plain], None)
        scores.update(zip(plain, found, strict=True))
        return [scores[place] for place in range(len(submissions))]

    def _scored(self, texts: Sequence[str], layer: SiteLayer | None) -> list[TextScore]:
        if not texts:
            return []
        found = features(texts)
        odds, name = self.model.log_odds(found), self.model.name
        if layer is None:
            familiar = self.model.is_familiar(found)
        else:
            odds = odds + layer.score(found)
            familiar = layer.is_familiar(found, self.model)
            name = f"{name} and {layer.lessons} decisions of this site"
        chances = np.round(probability(odds), 4)
        weights, scale = self.model.weights, self.model.slope
        if layer is not None and (chances >= EXPLAINED).any():
            weights, scale = weights * np.float32(scale) + layer.weights, 1.0
        asked = np.flatnonzero(chances >= EXPLAINED).tolist()
        doubtful = [texts[at] for at in asked]
        because = dict(zip(asked, carriers(weights, doubtful, scale), strict=True))
        themes = dict(zip(asked, self.model.themes.name(doubtful), strict=True))
        return [
            TextScore(
                probability=float(chance),
                is_familiar=bool(known),
                carriers=because.get(at, ()),
                theme=themes.get(at, ""),
                model=name,
            )
            for at, (chance, known) in enumerate(zip(chances, familiar, strict=True))
        ]
