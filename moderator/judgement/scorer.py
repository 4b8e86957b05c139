"""Scores the texts of a batch with the shared model and, where there is one, the site's layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moderator.domain.check import Carrier, TextScore
from moderator.domain.submission import Submission
from moderator.judgement.explain import carriers
from moderator.judgement.features import features
from moderator.judgement.model import Model, probability

EXPLAINED = 0.3  # below, nobody asks why


@dataclass(frozen=True, slots=True)
class Scorer:
    """Honours domain.check.TextJudge."""

    model: Model

    def score(self, submissions: Sequence[Submission]) -> list[TextScore]:
        texts = [submission.text for submission in submissions]
        found = features(texts)
        chances = np.round(probability(self.model.log_odds(found)), 4)
        familiar = self.model.is_familiar(found)
        return [
            TextScore(
                probability=float(chance),
                is_familiar=bool(known),
                carriers=self._carriers(text) if chance >= EXPLAINED else (),
                model=self.model.name,
            )
            for text, chance, known in zip(texts, chances, familiar, strict=True)
        ]

    def _carriers(self, text: str) -> tuple[Carrier, ...]:
        return carriers(self.model.weights, text, self.model.slope)
