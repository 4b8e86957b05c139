from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.timing.token_bucket import Buckets

RATES = st.floats(0.01, 100_000)
BURSTS = st.integers(1, 1_000)
START = 1_770_000_000.123457  # a clock of today: its seconds have seven digits behind the point


def test_a_name_gets_its_burst_and_then_its_rate() -> None:
    buckets = Buckets(2, 3)
    assert [buckets.take("a", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b", 0) == 0
    assert buckets.take("a", 0.5) == 0
    assert buckets.take("a", 0.5) == 0.5


def test_more_than_a_burst_is_taken_from_a_full_bucket_and_owed() -> None:
    buckets = Buckets(1, 10)
    assert buckets.take("a", 0, 50) == 0
    assert buckets.take("a", 0, 1) == 41
    assert buckets.take("a", 0, 50) == 50
    assert buckets.take("a", 49, 50) == 1
    assert buckets.take("a", 50, 50) == 0


def test_a_clock_that_steps_back_gives_nothing_and_takes_nothing() -> None:
    buckets = Buckets(1, 2)
    assert buckets.take("a", 100, 2) == 0
    assert buckets.take("a", 10) == 1
    assert buckets.take("a", 11) == 0


def test_the_names_forgotten_are_those_not_asked_about_for_longest() -> None:
    buckets = Buckets(1, 1, most=2)
    for name in ("a", "b", "a", "c"):
        buckets.take(name, 0)
    assert buckets.take("a", 0) > 0
    assert buckets.take("b", 0) == 0


@given(rate=RATES, burst=BURSTS, counts=st.lists(st.integers(1, 2_000), min_size=1, max_size=8))
def test_who_waits_as_told_is_served_and_never_faster_than_the_rate(
    rate: float, burst: int, counts: list[int]
) -> None:
    buckets = Buckets(rate, burst)
    now = START
    for count in counts:
        wait = buckets.take("a", now, count)
        if wait:
            now += wait
            assert buckets.take("a", now, count) == 0
    earned = (now - START) * rate
    assert sum(counts) <= earned + max(burst, counts[-1]) + rate * 1e-5 + 1e-3  # rounding
