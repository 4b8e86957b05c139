"""A layer has a weight for few of the buckets: it says what one with a weight for all would."""

import numpy as np
import pytest

from moderator.judgement.learning.sparse import sparse
from moderator.judgement.text.features import BUCKETS


@pytest.mark.parametrize("stored", [0, 1, 40, 5_000, 200_000])
@pytest.mark.parametrize("asked", [0, 1, 30, 2_000])
def test_a_sparse_layer_says_what_a_dense_one_says(stored: int, asked: int) -> None:
    chance = np.random.default_rng(stored + asked)
    every = np.zeros(BUCKETS, dtype=np.float32)
    every[chance.choice(BUCKETS, stored, replace=False)] = chance.normal(size=stored)
    buckets = chance.integers(0, BUCKETS, asked)
    kept = sparse(every)
    assert np.array_equal(kept.at(buckets), every[buckets])
    assert np.array_equal(kept.dense(), every)
    assert kept.nbytes <= 8 * stored
