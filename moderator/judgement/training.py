"""Trains the shared model. Needs scikit-learn (extra `train`); nothing here runs in the service."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from moderator.judgement.features import BUCKETS, Features, features
from moderator.judgement.model import Model
from moderator.judgement.samples import GRAMMAR, Sample
from moderator.judgement.themes import Written, learn_themes

STRENGTH = 100.0  # inverse regularisation
FOLDS = 4
CHUNK = 1000
SPAM_SHARE = 0.12  # of what comes in at a blog with a usual form: about one in eight
SEEN_OFTEN = 3  # rows a word must occur in to count as known

Numbers = NDArray[np.float64]


def train(samples: Sequence[Sample], name: str) -> Model:
    """Fit the weights on all samples, and the calibration on folds that never saw the source."""
    matrix = sparse(samples)
    labels = np.array([sample.is_spam for sample in samples], dtype=np.int64)
    weights = np.array([sample.weight for sample in samples])
    raw = np.zeros(len(samples))
    folds = _folds(samples)
    for fold in range(FOLDS):
        held = folds == fold
        raw[held] = _fit(matrix[~held], labels[~held], weights[~held]).decision_function(
            matrix[held]
        )
    slope, offset = _calibration(raw, labels, weights)
    fitted = _fit(matrix, labels, weights)
    return Model(
        name=name,
        weights=fitted.coef_[0].astype(np.float16).astype(np.float32),
        known=_known(samples),
        bias=float(fitted.intercept_[0]),
        slope=slope,
        offset=offset,
        themes=learn_themes([Written(sample.text, _theme(sample)) for sample in samples]),
    )


def sparse(samples: Sequence[Sample]) -> csr_matrix:
    """The features of all samples as scikit-learn takes them."""
    return vstack(
        [
            as_matrix(features([sample.text for sample in samples[start : start + CHUNK]]))
            for start in range(0, len(samples), CHUNK)
        ]
    ).tocsr()


def as_matrix(found: Features) -> csr_matrix:
    values = np.repeat(1.0 / found.norms, np.diff(found.starts))
    return csr_matrix((values, found.buckets, found.starts), shape=(found.size, BUCKETS))


def _fit(matrix: csr_matrix, labels: NDArray[np.int64], weights: Numbers) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear").fit(matrix, labels, weights)


def _folds(samples: Sequence[Sample]) -> NDArray[np.int64]:
    """A fold per sample: small sources stay whole; one that is most of its label is spread."""
    sources = sorted({sample.source for sample in samples})
    largest = max(sources, key=lambda source: sum(s.source == source for s in samples))
    place = {source: index % FOLDS for index, source in enumerate(sources)}
    return np.array(
        [
            index % FOLDS if sample.source == largest else place[sample.source]
            for index, sample in enumerate(samples)
        ]
    )


def _calibration(raw: Numbers, labels: NDArray[np.int64], weights: Numbers) -> tuple[float, float]:
    """Platt's scaling for a stream of which SPAM_SHARE is spam."""
    spam, ham = weights[labels == 1].sum(), weights[labels == 0].sum()
    balanced = np.where(labels == 1, SPAM_SHARE / spam, (1 - SPAM_SHARE) / ham) * weights
    fitted = LogisticRegression(C=1e6).fit(raw.reshape(-1, 1), labels, balanced * len(raw))
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _theme(sample: Sample) -> str:
    return sample.source.removeprefix(GRAMMAR) if sample.is_spam else ""


def _known(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    """Which words occur in several rows that people wrote."""
    rows = np.zeros(BUCKETS, dtype=np.int64)
    texts = [sample.text for sample in samples if not sample.source.startswith(GRAMMAR)]
    for start in range(0, len(texts), CHUNK):
        found = features(texts[start : start + CHUNK])
        once = np.unique(found.word_texts * BUCKETS + found.word_buckets)
        rows += np.bincount(once % BUCKETS, minlength=BUCKETS)
    return rows >= SEEN_OFTEN
