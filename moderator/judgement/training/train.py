"""Trains the shared model. Needs scikit-learn (extra `train`); nothing here runs in the service."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from moderator.domain.content.facts import Facts
from moderator.domain.submission import Format, Kind, Submission
from moderator.judgement.phrasebook import book_of_names
from moderator.judgement.text.features import BUCKETS, Features, as_read, of_batch, reading
from moderator.judgement.text.model import Model
from moderator.judgement.text.ngrams import batch
from moderator.judgement.text.side import SideModel, nothing_known
from moderator.judgement.text.side_readings import link_reading, name_reading
from moderator.judgement.text.themes import Written, learn_themes
from moderator.judgement.training.samples import GRAMMAR, Sample, is_told_by_text, signed

STRENGTH = 100.0  # inverse regularisation
FOLDS = 4
LABELS_NEEDED = 2  # labels that a model needs
NAMES_SEED = 5
NAMES_STRENGTH = 10.0
PAGE = "page"  # theme of the pages among the names
CHUNK_TEXTS = 1000
SPAM_SHARE = 0.12  # of what comes in at a blog with a usual form: about one in eight

Numbers = NDArray[np.float64]


def train(everything: Sequence[Sample], name: str) -> Model:
    """Fit the weights on all samples, and the calibration on folds that never saw the source."""
    samples = [sample for sample in everything if is_told_by_text(sample)]
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
        bias=float(fitted.intercept_[0]),
        slope=slope,
        offset=offset,
        links=train_links(everything),
        names=train_names(),
        themes=learn_themes([Written(sample.text, _theme(sample)) for sample in samples]),
    )


def train_links(samples: Sequence[Sample]) -> SideModel:
    """What tells the links of spam from honest ones."""
    readings = [link_reading(_facts(sample.text)) for sample in samples]
    return _side([(s, reading) for s, reading in zip(samples, readings, strict=True) if reading])


def train_names() -> SideModel:
    """What tells names and pages that sell from those of people."""
    names = signed(book_of_names(), random.Random(NAMES_SEED))  # noqa: S311 (repeatable)
    return _side([(sample, _signed_reading(sample)) for sample in names], NAMES_STRENGTH)


def _signed_reading(sample: Sample) -> str:
    is_page = sample.source == GRAMMAR + PAGE
    return sample.text if is_page else name_reading(sample.text)


def _side(read: Sequence[tuple[Sample, str]], strength: float = STRENGTH) -> SideModel:
    if len({sample.is_spam for sample, _ in read}) < LABELS_NEEDED:
        return nothing_known()  # too few rows to learn from, as in a trial
    matrix = sparse([replace(sample, text=reading) for sample, reading in read], as_read)
    labels = np.array([sample.is_spam for sample, _ in read], dtype=np.int64)
    fitted = _fit(matrix, labels, np.array([sample.weight for sample, _ in read]), strength)
    weights = fitted.coef_[0].astype(np.float16).astype(np.float32)
    return SideModel(weights, float(fitted.intercept_[0]))


def _facts(text: str) -> Facts:
    now = datetime(2000, 1, 1, tzinfo=UTC)
    return Facts(
        Submission(
            id="",
            site_id="",
            platform_id="",
            kind=Kind.COMMENT,
            content=text,
            format=Format.TEXT,
            text=text,
            created_at=now,
            received_at=now,
        )
    )


def sparse(samples: Sequence[Sample], read: Callable[[str], str] = reading) -> csr_matrix:
    """The features of all samples as scikit-learn takes them."""
    return vstack(
        [
            as_matrix(
                of_batch(batch([read(each.text) for each in samples[start : start + CHUNK_TEXTS]]))
            )
            for start in range(0, len(samples), CHUNK_TEXTS)
        ]
    ).tocsr()


def as_matrix(found: Features) -> csr_matrix:
    values = np.repeat(1.0 / found.norms, np.diff(found.starts))
    return csr_matrix((values, found.buckets, found.starts), shape=(found.size, BUCKETS))


def _fit(
    matrix: csr_matrix, labels: NDArray[np.int64], weights: Numbers, strength: float = STRENGTH
) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="liblinear").fit(matrix, labels, weights)


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
