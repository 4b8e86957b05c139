"""A small model beside the text model: of links and what stands around them, of authors' names."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.text.features import BUCKETS, as_read, of_batch
from moderator.judgement.text.ngrams import batch, portions

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SideModel:
    """One weight per feature and a bias; its log-odds are not calibrated for any stream."""

    weights: NDArray[np.float32]
    bias: float

    def log_odds(self, readings: Sequence[str]) -> list[float]:
        """Log-odds that each reading is of spam, two digits behind the point."""
        read = [as_read(reading) for reading in readings]
        odds = np.zeros(len(read))
        for group in portions(range(len(read)), read):
            found = of_batch(batch([read[place] for place in group]))
            gathered = np.add.reduceat(self.weights[found.buckets], found.starts[:-1])
            odds[group] = gathered / found.norms + self.bias
        rounded: list[float] = np.round(odds, 2).tolist()
        return rounded


def nothing_known() -> SideModel:
    """A model that was taught nothing: it finds nobody suspect."""
    return SideModel(np.zeros(BUCKETS, dtype=np.float32), -10.0)


def opinions(side: SideModel, readings: Sequence[str]) -> list[float | None]:
    """The log-odds of each reading, worked out once; None where there is nothing to read."""
    asked = [reading for reading in dict.fromkeys(readings) if reading]
    said: dict[str, float] = dict(zip(asked, side.log_odds(asked), strict=True))
    return [said.get(reading) for reading in readings]
