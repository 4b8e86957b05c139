"""The shared spam model: one weight per feature, a bias, a calibration. Trained by train.py."""

import io
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.text.features import Features
from moderator.judgement.text.side import SideModel, nothing_known
from moderator.judgement.text.themes import Themes

SHIPPED = Path(__file__).with_name("shared_model.npz")
FORMAT = 3

Weights = NDArray[np.float32]
Odds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """`slope` and `offset` turn a raw sum into calibrated log-odds.

    `themes` name what a text is about and weigh nothing. `links` and `names` judge what the text
    model does not see: links with what stands around them, and authors' names and pages.
    """

    name: str
    weights: Weights
    bias: float
    slope: float
    offset: float
    themes: Themes = field(default_factory=Themes)
    links: SideModel = field(default_factory=nothing_known)
    names: SideModel = field(default_factory=nothing_known)

    def log_odds(self, texts: Features) -> Odds:
        """Calibrated log-odds of spam for every text of a batch."""
        return self.calibrated(sums(self.weights, texts))

    def calibrated(self, raw: Odds) -> Odds:
        return self.slope * (raw + self.bias) + self.offset


def sums(weights: Weights, texts: Features) -> Odds:
    """The scaled sum of the weights of each text's features: one gather, one reduction."""
    return totals(weights[texts.buckets], texts)


def totals(gathered: Weights, texts: Features) -> Odds:
    """The scaled sum of the weights of each text's features, which are given one by one."""
    if not texts.size:
        return np.zeros(0)
    total: Odds = np.add.reduceat(gathered, texts.starts[:-1]).astype(np.float64)
    return total / texts.norms


def probability(log_odds: Odds) -> Odds:
    chances: Odds = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -50, 50)))
    return chances


def save(model: Model, path: Path) -> None:
    numbers = {
        "format": FORMAT,
        "name": model.name,
        "bias": model.bias,
        "slope": model.slope,
        "offset": model.offset,
        "themes": model.themes.names,
        "sides": [model.links.bias, model.names.bias],
    }
    np.savez_compressed(
        path,
        weights=model.weights.astype(np.float16),
        links=model.links.weights.astype(np.float16),
        names=model.names.weights.astype(np.float16),
        theme_starts=model.themes.starts.astype(np.uint32),
        theme_buckets=model.themes.buckets.astype(np.uint32),
        theme_weights=model.themes.weights.astype(np.float16),
        numbers=np.frombuffer(json.dumps(numbers).encode(), dtype=np.uint8),
    )


def load(path: Path = SHIPPED) -> Model:
    """Read a model file. Raises ValueError when it is none of ours."""
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
        numbers = json.loads(stored["numbers"].tobytes())
        if numbers["format"] != FORMAT:
            raise ValueError(f"{path.name}: model format {numbers['format']}, expected {FORMAT}")
        of_links, of_names = numbers["sides"]
        return Model(
            name=numbers["name"],
            weights=stored["weights"].astype(np.float32),
            bias=numbers["bias"],
            slope=numbers["slope"],
            offset=numbers["offset"],
            themes=Themes(
                tuple(numbers["themes"]),
                stored["theme_starts"].astype(np.int64),
                stored["theme_buckets"].astype(np.int64),
                stored["theme_weights"].astype(np.float32),
            ),
            links=SideModel(stored["links"].astype(np.float32), of_links),
            names=SideModel(stored["names"].astype(np.float32), of_names),
        )


@cache
def shared_model() -> Model:
    """The model that came with the program, loaded once per process."""
    return load()
