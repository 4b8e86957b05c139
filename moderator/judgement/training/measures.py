"""Compares verdicts with what people said: rates with their intervals, per source."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPAM = frozenset({"spam", "discard", "reject", "rejected", "trash", "block"})
HOLD = frozenset({"hold", "held", "pending", "queue", "queued", "unsure", "moderate", "review"})
Z = 1.96  # 95 %

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with Wilson's interval."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return (0.0, 1.0)
        share, spread = self.count / self.of, Z * Z / self.of
        middle = share + spread / 2
        width = Z * math.sqrt(share * (1 - share) / self.of + spread / (4 * self.of))
        return max(0.0, (middle - width) / (1 + spread)), min(1.0, (middle + width) / (1 + spread))

    def __str__(self) -> str:
        if not self.of:
            return "-"
        low, high = self.interval
        return f"{self.count / self.of:.4f} [{low:.4f}, {high:.4f}]"


@dataclass(frozen=True, slots=True)
class Measures:
    """What happened to the ham and the spam of one group."""

    ham_called_spam: Share
    ham_held: Share
    spam_caught: Share
    spam_held: Share
    mcc: float | None
    auc: float | None

    @property
    def let_through(self) -> Share:
        caught, held = self.spam_caught, self.spam_held
        return Share(caught.of - caught.count - held.count, caught.of)


@dataclass(frozen=True, slots=True)
class Copies:
    """Duplicates found, of those there are; `same` names the original rightly."""

    precision: Share
    recall: Share
    same: Share


def outcome(prediction: Row) -> str:
    """spam, hold or ok. A copy of ham that is discarded is no ham called spam: see `measures`."""
    verdict = str(prediction.get("verdict", "")).lower()
    return "spam" if verdict in SPAM else "hold" if verdict in HOLD else "ok"


def measures(pairs: Sequence[tuple[Row, Row]]) -> Measures:
    """Measure one group of (gold, prediction)."""
    ham = [outcome(said) for gold, said in pairs if gold["label"] == "ham"]
    spam = [outcome(said) for gold, said in pairs if gold["label"] == "spam"]
    labels = np.array([gold["label"] == "spam" for gold, _ in pairs], dtype=bool)
    scores = np.array([float(str(said.get("score") or 0.0)) for _, said in pairs])
    both = bool(ham) and bool(spam)
    return Measures(
        ham_called_spam=Share(ham.count("spam"), len(ham)),
        ham_held=Share(ham.count("hold"), len(ham)),
        spam_caught=Share(spam.count("spam"), len(spam)),
        spam_held=Share(spam.count("hold"), len(spam)),
        mcc=matthews(labels, scores >= 0.5) if both else None,  # noqa: PLR2004 (as the bars say)
        auc=auc(labels, scores) if both else None,
    )


def by_group(
    golds: Iterable[Row], predictions: Mapping[str, Row], field: str = "source"
) -> dict[str, list[tuple[Row, Row]]]:
    """Pair rows with their predictions, in groups; what was not predicted was let through."""
    groups: dict[str, list[tuple[Row, Row]]] = {"ALL": []}
    for gold in golds:
        pair = (gold, predictions.get(str(gold["id"]), {"score": 0.0, "verdict": "approve"}))
        groups["ALL"].append(pair)
        groups.setdefault(str(gold.get(field, "")), []).append(pair)
    return groups


def copies(pairs: Sequence[tuple[Row, Row]]) -> Copies | None:
    """Measure the duplicates, where the gold rows know them."""
    known = [(gold.get("dup_of"), said.get("dup_of")) for gold, said in pairs if "dup_of" in gold]
    if not known:
        return None
    found = sum(bool(gold and said) for gold, said in known)
    claimed = sum(bool(said) for _, said in known)
    there = sum(bool(gold) for gold, _ in known)
    same = sum(bool(gold) and gold == said for gold, said in known)
    return Copies(Share(found, claimed), Share(found, there), Share(same, found))


def matthews(labels: NDArray[np.bool_], called: NDArray[np.bool_]) -> float:
    """Matthews' correlation coefficient."""
    both, neither = int((labels & called).sum()), int((~labels & ~called).sum())
    wrong, missed = int((~labels & called).sum()), int((labels & ~called).sum())
    under = (both + wrong) * (both + missed) * (neither + wrong) * (neither + missed)
    return (both * neither - wrong * missed) / math.sqrt(under) if under else 0.0


def auc(labels: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """The chance that a spam scores higher than a ham; ties count half."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2  # mean rank of each value
    spam, ham = int(labels.sum()), int((~labels).sum())
    return float((middle[places][labels].sum() - spam * (spam + 1) / 2) / (spam * ham))
