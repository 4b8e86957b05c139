"""Scores the texts of a batch with the shared model and, where there is one, the site's layer."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.text.languages import Language
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.judgement.text.explain import Weigher, carriers
from moderator.judgement.text.features import as_read, of_batch
from moderator.judgement.text.languages import is_read, language_of
from moderator.judgement.text.model import Model, probability
from moderator.judgement.text.ngrams import batch, portions
from moderator.judgement.text.side import opinions
from moderator.judgement.text.side_readings import link_reading, name_reading, page_reading

Layers = Callable[[str], SiteLayer | None]  # by site id


@dataclass(frozen=True, slots=True)
class Scorer:
    """Honours domain.check.TextJudge."""

    model: Model
    layers: Layers | None = None

    def score(self, many: Sequence[Facts]) -> list[TextScore]:
        by_site: dict[str, list[int]] = defaultdict(list)
        for place, facts in enumerate(many):
            by_site[facts.submission.site_id].append(place)
        by_layer: dict[SiteLayer | None, list[int]] = defaultdict(list)
        for site_id, places in by_site.items():
            by_layer[self.layers(site_id) if self.layers else None] += places
        readings = [as_read(facts.prose) for facts in many]
        languages = [language_of(facts.unlinked) for facts in many]
        scores: dict[int, TextScore] = {}
        for layer, places in by_layer.items():
            told = places if layer else [at for at in places if is_read(languages[at])]
            for group in portions(told, readings):
                texts = [(readings[place], languages[place]) for place in group]
                found = self._scored(texts, layer)
                scores.update(zip(group, found, strict=True))
        text_scores = [
            scores.get(place) or self._unread(language) for place, language in enumerate(languages)
        ]
        return self._beside(many, text_scores)

    def _beside(self, many: Sequence[Facts], scores: Sequence[TextScore]) -> list[TextScore]:
        """The scores, with what the small models say of links, names and pages."""
        links = opinions(self.model.links, [link_reading(facts) for facts in many])
        authors = [facts.submission.author for facts in many]
        names = opinions(self.model.names, [name_reading(author.name) for author in authors])
        pages = opinions(self.model.names, [_page(facts) for facts in many])
        found = zip(scores, links, names, pages, strict=True)
        return [_with(score, link, name, page) for score, link, name, page in found]

    def explain(self, many: Sequence[tuple[Facts, TextScore]]) -> list[TextScore]:
        """The scores with the pieces of each text that carried its own, and what it is about.

        By the very layer that scored it: so the pieces add up, whatever was taught meanwhile.
        """
        readings = [as_read(facts.prose) for facts, _ in many]
        by_layer: dict[tuple[SiteLayer | None, bool], list[int]] = defaultdict(list)
        for place, (_, score) in enumerate(many):
            layer = score.layer if isinstance(score.layer, SiteLayer) else None
            by_layer[layer, score.is_familiar].append(place)
        told: dict[int, TextScore] = {}
        for (layer, is_familiar), places in by_layer.items():
            weigh = self._weigher(layer, is_familiar=is_familiar)
            for group in portions(places, readings):
                texts = [readings[place] for place in group]
                because, themes = carriers(weigh, texts), self.model.themes.name(texts)
                for place, pieces, theme in zip(group, because, themes, strict=True):
                    told[place] = replace(many[place][1], scored_pieces=pieces, theme=theme)
        return [told[place] for place in range(len(many))]

    def _unread(self, language: Language) -> TextScore:
        """Of a text that neither the model can read nor a site taught anything about."""
        return TextScore(0.0, is_familiar=False, language=language, model=self.model.name)

    def _scored(
        self, texts: Sequence[tuple[str, Language]], layer: SiteLayer | None
    ) -> list[TextScore]:
        found = of_batch(batch([reading for reading, _ in texts]))
        familiar: NDArray[np.bool_] = np.array([is_read(language) for _, language in texts])
        odds, name = self.model.log_odds(found), self.model.name
        if layer is not None:
            odds = np.where(familiar, odds + layer.score(found), layer.score_alone(found))
            name = f"{name} and {layer.lessons} decisions of this site"
        chances = np.round(probability(odds), 4)
        return [
            TextScore(chance, is_known, language, model=name, layer=layer)
            for chance, is_known, (_, language) in zip(
                chances.tolist(), familiar.tolist(), texts, strict=True
            )
        ]

    def _weigher(self, layer: SiteLayer | None, *, is_familiar: bool) -> Weigher:
        """What the features of a text add to its log-odds, but for what its length divides."""
        weights, slope = self.model.weights, self.model.slope
        if layer is None:
            return lambda buckets: weights[buckets] * slope
        if not is_familiar:
            own = layer.own_weights
            return lambda buckets: own[buckets]
        taught = layer.weights
        return lambda buckets: weights[buckets] * slope + taught[buckets]


def _with(
    score: TextScore, links: float | None, author: float | None, page: float | None
) -> TextScore:
    if links is None and author is None and page is None:
        return score
    return replace(score, links=links, author=author, page=page)


def _page(facts: Facts) -> str:
    page = facts.page
    return "" if page is None or page.url is None else page_reading(page.url)
