from datetime import UTC, datetime

import pytest

from moderator.domain.timing.dates import read_date

NOON = datetime(2014, 5, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2014-05-03T12:00:00Z",
        "2014-05-03t12:00:00z",
        "2014-05-03T14:00:00+02:00",
        "2014-05-03T12:00:00.000Z",
        "2014-05-03T12:00:00",
        "2014-05-03 12:00:00",
        " 2014-05-03 12:00:00 ",
        1_399_118_400,
        1_399_118_400.0,
        "1399118400 ",
        "1399118400.000",
    ],
)
def test_a_time_is_read_however_it_is_written(written: object) -> None:
    assert read_date(written) == NOON


@pytest.mark.parametrize("written", ["2016-12-31T23:59:60Z", "2017-01-01T00:59:60.000+01:00"])
def test_a_leap_second_is_that_after_it(written: str) -> None:
    assert read_date(written) == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        True,
        [],
        {},
        "yesterday",
        "0000-00-00 00:00:00",
        "2014-02-30 12:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "99999999999",
        "9" * 5000,
        10**400,
        float("nan"),
        float("inf"),
        -1.0,
    ],
)
def test_what_is_no_time_is_none(written: object) -> None:
    assert read_date(written) is None
