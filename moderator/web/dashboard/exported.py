"""The log as programs read it: CSV (RFC 4180) for spreadsheets, JSON lines for everything else."""

import csv
from collections.abc import Iterator
from io import StringIO

import msgspec

from moderator.domain.pages.log import NOTES, LogEntry
from moderator.domain.verdict import Decider

COLUMNS = (
    "at", "who", "by", "what", "before", "site", "kind", "submission", "author", "text", "reason",
    "note", "delivery", "status", "error", "act",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula, and what a visitor wrote for a command.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
PORTION = 100  # lines that are sent at once
LONGEST = 500  # characters of a text

Row = dict[str, str]
_encoder = msgspec.json.Encoder()


def row_of(entry: LogEntry) -> Row:
    it, judgement, note = entry.line.submission, entry.judgement, entry.note
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "at": f"{entry.at:%Y-%m-%dT%H:%M:%SZ}",
        "site": entry.line.site_id,
        "kind": str(entry.line.kind),
        "submission": entry.line.id,
        "author": it.author.name if it else "",
        "text": (it.text or it.content)[:LONGEST] if it else "",
    }
    if note is not None:
        row |= {**_by(note.by), "what": NOTES, "note": note.words}
    if judgement is not None:
        recorded = judgement.recorded
        decision, sending = recorded.decision, next(iter(judgement.sendings[-1:]), None)
        row |= {
            **_by(decision.decided_by),
            "what": decision.verdict.value,
            "before": recorded.previous_status,
            "reason": decision.reasons[0].text if decision.reasons else "",
            "delivery": sending.state.value if sending else "",
            "status": str(sending.last_status or "") if sending else "",
            "error": sending.last_error if sending else "",
            "act": recorded.act,
        }
    return row


def _by(decider: Decider) -> Row:
    return {"who": decider.name, "by": decider.kind.value}


def as_csv(entries: Iterator[LogEntry]) -> Iterator[bytes]:
    """With the names of the columns first; a cell that could be a formula begins with an
    apostrophe.
    """
    out = StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for number, entry in enumerate(entries, 1):
        writer.writerow({name: plain(value) for name, value in row_of(entry).items()})
        if number % PORTION == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: StringIO) -> bytes:
    taken = out.getvalue().encode("utf-8", "replace")
    out.seek(0)
    out.truncate()
    return taken


def as_json_lines(entries: Iterator[LogEntry]) -> Iterator[bytes]:
    for entry in entries:
        yield _encoder.encode(row_of(entry)) + b"\n"


def plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
