"""Reads a point in time as the exports of blogs write it."""

import re
from datetime import UTC, datetime, timedelta

YEARS = range(1970, 2200)  # any other is a slip, or a field that was never filled in
LEAP_SECOND = re.compile(r"(\d:59):60")  # RFC 3339, 5.7: as the second after it
EPOCH = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?")


def read_date(value: object) -> datetime | None:
    """Return the time in UTC; None for what is none, or not of YEARS.

    RFC 3339 and what ISO 8601 allows beside it (without an offset it is UTC), or seconds since
    1970 as a number or its digits.
    """
    time = _read(value)
    return time if time is not None and time.year in YEARS else None


def _read(value: object) -> datetime | None:
    match value:
        case bool():
            return None
        case int() | float():
            return _since_epoch(value)
        case str() if EPOCH.fullmatch(value.strip()):
            return _since_epoch(float(value))
        case str():
            return _written(value.strip())
        case _:
            return None


def _since_epoch(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # not a number, or no year of ours
        return None


def _written(text: str) -> datetime | None:
    text, leaps = LEAP_SECOND.subn(r"\1:59", text)
    try:
        time = datetime.fromisoformat(text.upper()) + leaps * timedelta(seconds=1)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
