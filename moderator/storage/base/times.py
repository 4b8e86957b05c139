"""Between datetimes and the integer milliseconds that the tables hold."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MONTH = 30 * 86_400_000  # milliseconds: a month of kept counts
KEYS_KEPT = timedelta(days=7)  # idempotency keys: longer than any platform repeats a webhook


def to_ms(time: datetime) -> int:
    return (time - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    return EPOCH + milliseconds * MILLISECOND
