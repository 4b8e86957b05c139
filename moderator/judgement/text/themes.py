"""Names what a spam text is about, in words for a moderator: "a fake support line".

Themes are the sections of the grammar. Training keeps the words and word pairs that tell a theme
from everything else; a text is named after the theme that most of it speaks for, or not at all.
This explains a score and is no part of it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.text.features import BITS, BUCKETS, pair_buckets, reading, word_buckets
from moderator.judgement.text.ngrams import batch
from moderator.judgement.text.words import pairs, words

THEMES = {
    "adult": "sex or dating for sale",
    "casino": "betting or a casino",
    "cause": "a collection or petition in disguise",
    "chain letter": "a chain letter",
    "courses": "a course or institute",
    "crypto": "an investment tip",
    "downloads": "cracked software or downloads",
    "essays": "essays or visas for sale",
    "flattery": "praise that leads to an advertisement",
    "game": "games, cheats or game money",
    "gift": "a prize or gift card",
    "health": "medicine or weight loss",
    "loan": "a loan or credit offer",
    "mess": "a heap of keywords",
    "replica": "a shop or replicas",
    "salad": "spun sentences without sense",
    "seo": "followers or search ranks for sale",
    "service": "a local service",
    "site": "the writer's own site",
    "social": "the writer's own profile",
    "spell": "a healer or spell caster",
    "support": "a fake support line",
    "travel": "a travel agency",
    "video": "the writer's own channel",
    "vote": "a hunt for votes",
    "work": "easy earnings",
}
KEPT_WORDS = 150  # words and pairs of a theme
MIN_TEXTS = 3  # texts of the theme that a word occurs in
MIN_LOG_RATIO = 1.5  # log of how much more often than elsewhere
MIN_MEAN_EVIDENCE = 0.2  # mean evidence per word from which a text is named
MIN_WORDS = 2  # words or pairs that must speak for the theme

Found = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Written:
    """A text of the grammar, and the section it is from; '' for what people wrote, and for ham."""

    text: str
    theme: str


@dataclass(frozen=True, eq=False)
class Themes:
    """Theme i speaks through `buckets[starts[i]:starts[i + 1]]`, each with its weight."""

    names: tuple[str, ...] = ()
    starts: Found = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    buckets: Found = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    weights: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    @cached_property
    def _spoken(self) -> dict[int, list[tuple[int, float]]]:
        spoken: dict[int, list[tuple[int, float]]] = {}
        for theme, (start, end) in enumerate(zip(self.starts[:-1], self.starts[1:], strict=True)):
            for place in range(start, end):
                entry = (theme, float(self.weights[place]))
                spoken.setdefault(int(self.buckets[place]), []).append(entry)
        return spoken

    @cached_property
    def _is_spoken(self) -> NDArray[np.bool_]:
        known = np.zeros(BUCKETS, dtype=bool)
        known[self.buckets] = True
        return known

    def name(self, readings: Sequence[str]) -> list[str]:
        """What each text (as the model reads it) is about; '' where nothing is clear."""
        if not readings:
            return []
        keys = _said(readings)
        sizes = np.bincount(keys >> BITS, minlength=len(readings)).tolist()
        said: list[dict[int, float]] = [defaultdict(float) for _ in readings]
        speaking: list[Counter[int]] = [Counter() for _ in readings]
        for key in keys[self._is_spoken[keys & (BUCKETS - 1)]].tolist():
            text, bucket = divmod(key, BUCKETS)
            for theme, weight in self._spoken[bucket]:
                said[text][theme] += weight
                speaking[text][theme] += 1
        return [self._clearest(*each) for each in zip(sizes, said, speaking, strict=True)]

    def _clearest(self, size: int, said: Mapping[int, float], speaking: Mapping[int, int]) -> str:
        best = max(said, key=lambda theme: said[theme], default=-1)
        if best < 0 or speaking[best] < MIN_WORDS or said[best] < MIN_MEAN_EVIDENCE * size:
            return ""
        return THEMES.get(self.names[best], "")


def learn_themes(texts: Sequence[Written]) -> Themes:
    """Find what tells each theme from all other texts."""
    names = tuple(sorted(THEMES.keys() & {each.theme for each in texts}))
    places = {name: place for place, name in enumerate(names)}
    rows = np.zeros((len(names) + 1, BUCKETS), dtype=np.float32)
    sizes = np.zeros(len(names) + 1)
    for each in texts:
        place = places.get(each.theme, len(names))
        rows[place, _said([reading(each.text)])] += 1
        sizes[place] += 1
    total = rows.sum(axis=0)
    chosen = [
        _strongest(row, size, total - row, float(sizes.sum() - size))
        for row, size in zip(rows[:-1], sizes[:-1].tolist(), strict=True)
    ]
    return Themes(
        names,
        np.cumsum([0, *(len(buckets) for buckets, _ in chosen)]),
        np.concatenate([np.zeros(0, dtype=np.int64), *(buckets for buckets, _ in chosen)]),
        np.concatenate([np.zeros(0, dtype=np.float32), *(weights for _, weights in chosen)]),
    )


def _strongest(
    row: NDArray[np.float32], size: float, others: NDArray[np.float32], rest: float
) -> tuple[Found, NDArray[np.float32]]:
    lift = np.log((row + 0.5) / (size + 1)) - np.log((others + 0.5) / (rest + 1))
    able = np.flatnonzero((row >= MIN_TEXTS) & (lift >= MIN_LOG_RATIO))
    best = able[np.argsort(-row[able] * lift[able], kind="stable")][:KEPT_WORDS]
    return best, lift[best].astype(np.float32)


def _said(readings: Sequence[str]) -> Found:
    """The words and pairs of each text, each once, as text * BUCKETS + bucket."""
    found = words(batch(readings))
    twos = pairs(found)
    owners = np.concatenate((found.texts, twos.texts))
    return np.unique(owners * BUCKETS + np.concatenate((word_buckets(found), pair_buckets(twos))))
