import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moderator.judgement.near.sketch import BANDS, NEAR_SIMILARITY, band_keys, similarity, sketch
from moderator.judgement.text.ngrams import batch, grams

OPINION = "the council should have asked the people of the town before closing the only library"


@given(st.lists(st.text(min_size=1), max_size=8), st.integers(1, 5))
def test_a_gram_has_the_same_hash_wherever_it_stands(texts: list[str], width: int) -> None:
    together = grams(batch(texts), width)
    for index, text in enumerate(texts):
        alone = grams(batch([text]), width)
        start, end = together.starts[index : index + 2]
        assert together.hashes[start:end].tolist() == alone.hashes.tolist()
        assert len(alone.hashes) == max(len(text) - width + 1, 0)


@given(st.lists(st.text(), max_size=8))
def test_company_does_not_change_a_sketch(texts: list[str]) -> None:
    rows = sketch(texts)
    assert rows.shape == (len(texts), 64)
    for row, text in zip(rows, texts, strict=True):
        assert np.array_equal(row, sketch([text])[0])


def test_a_text_with_slips_is_near_and_another_opinion_is_not() -> None:
    slips = OPINION.replace("council", "councel").replace("only", "onyl")
    other = "nobody reads there any more, and the money is needed for the school next door"
    sketches = sketch([OPINION, slips, other])
    original, near, far = sketches
    keys, near_keys, far_keys = (set(row) for row in band_keys(sketches).tolist())
    assert similarity(original, near) >= NEAR_SIMILARITY
    assert keys & near_keys
    assert similarity(original, far) < NEAR_SIMILARITY
    assert not keys & far_keys


def test_every_band_has_its_own_key() -> None:
    (keys,) = band_keys(sketch(["aaaa"])).tolist()
    assert len(set(keys)) == len(keys) == BANDS
