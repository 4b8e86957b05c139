import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.errors import (
    RequestError,
)
from moderator.intake.webhook import events, schema
from tests.intake.ground import ORIGIN, an_event_with, parse

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
POINTERS = [
    "/type",
    "/timestamp",
    "/data",
    *(f"/data/{part}" for part in (*schema.BODY, "x")),
    *(f"/data/{part}/{name}" for part, names in schema.PARTS.items() for name in names),
    "/data/comment/content/raw",
    "/data/comment/content/rendered",
    "/data/comment/content/format",
    "/data/request/honeypot/name",
]


@given(pointer=st.sampled_from(POINTERS), value=ANYTHING)
def test_any_value_anywhere_is_taken_or_refused_by_design(pointer: str, value: object) -> None:
    try:
        arrival = parse(an_event_with(pointer, value))
    except RequestError:
        return
    assert arrival.submission.site_id == "blog"


@given(body=st.binary(max_size=300))
def test_any_bytes_are_refused_by_design(body: bytes) -> None:
    with pytest.raises(RequestError):
        events.parse(body, ORIGIN)
    with pytest.raises(RequestError):
        events.parse_bulk(body, ORIGIN)
