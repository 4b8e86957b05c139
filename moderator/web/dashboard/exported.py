"""Tables as programs read them: CSV (RFC 4180) for spreadsheets, JSON lines for everything else."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

import msgspec
from flask import Response

from moderator.web.dashboard.security import services
from moderator.web.server.streamed import Streamed

# A spreadsheet takes a cell that begins so for a formula, and what a visitor wrote for a command.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
PORTION = 100  # lines that are sent at once
CSV, JSON_LINES = "csv", "jsonl"
KINDS = {CSV: "text/csv; charset=utf-8", JSON_LINES: "application/jsonl; charset=utf-8"}

Row = dict[str, str]
_encoder = msgspec.json.Encoder()


def exported(name: str, ending: str, columns: Sequence[str], rows: Iterator[Row]) -> Response:
    """A file of all of them; they are read while they are sent."""
    written = _csv(columns, rows) if ending == CSV else _json_lines(rows)
    answer = Streamed(written, content_type=KINDS[ending])
    called = f"{name}-{services().clock():%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return answer


def _csv(columns: Sequence[str], rows: Iterator[Row]) -> Iterator[bytes]:
    """With the names of the columns first; a cell that could be a formula begins with an
    apostrophe.
    """
    out = StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({name: _plain(value) for name, value in row.items()})
        if number % PORTION == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: StringIO) -> bytes:
    taken = out.getvalue().encode("utf-8", "replace")
    out.seek(0)
    out.truncate()
    return taken


def _json_lines(rows: Iterator[Row]) -> Iterator[bytes]:
    for row in rows:
        yield _encoder.encode(row) + b"\n"


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
