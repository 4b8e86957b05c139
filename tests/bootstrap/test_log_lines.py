"""Each event is one line, whatever strangers wrote into it; as text, or as JSON."""

import json
import logging
from collections.abc import Sequence

import pytest

from moderator.bootstrap.event_log import JsonLines, LoggedEvents, TextLines

# Each could end a line for some reader, hide what follows, or turn it around.
NASTY = "".join(
    map(chr, (10, 13, 11, 12, 0x1C, 0x85, 0x2028, 0x2029, 0, 27, 0x202E, 0xFEFF, 0xD800))
)
FORGED = f"x{NASTY}2026-03-04 level=ERROR event=forged"


def a_record(msg: object, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    thrown = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("moderator", logging.INFO, "x.py", 1, msg, args, thrown)
    record.created, record.msecs = 1_772_625_600.25, 250.0
    return record


def test_a_line_of_text_says_when_how_grave_and_who() -> None:
    line = TextLines().format(a_record("listening host=%s", "::1"))
    assert line.endswith(",250 level=INFO logger=moderator listening host=::1")
    assert line[:4] == "2026"


def test_the_time_moves_on() -> None:
    lines = TextLines()
    first = lines.format(a_record("a"))
    later = a_record("a")
    later.created += 61
    assert lines.format(later)[:19] > first[:19]


def test_a_line_of_json_has_the_facts_as_fields() -> None:
    said = LoggedEvents(
        "decision", ({"submission": "01", "verdict": "spam", "score": 0.5, "ms": 7},)
    )
    assert json.loads(JsonLines().format(a_record(said))) == {
        "event": "decision",
        "submission": "01",
        "verdict": "spam",
        "score": 0.5,
        "ms": 7,
        "time": "2026-03-04T12:00:00.250Z",
        "level": "info",
        "logger": "moderator",
    }


def test_what_others_log_as_pairs_has_fields_too() -> None:
    said = json.loads(JsonLines().format(a_record("event=failed job=%s x-a=%s", "check", "b")))
    assert (said["event"], said["job"]) == ("failed", "check")
    assert said["message"] == "event=failed job=check x-a=b"
    assert "a" not in said


def test_no_pair_takes_the_place_of_what_we_know() -> None:
    said = json.loads(JsonLines().format(a_record("level=none time=never logger=me")))
    assert (said["level"], said["logger"], said["time"][:4]) == ("info", "moderator", "2026")


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
@pytest.mark.parametrize(
    "said",
    [("said=%s", FORGED), (LoggedEvents("odd", ({"by": FORGED}, {"by": 1})),), (FORGED,)],
)
def test_no_line_is_broken_by_what_is_in_it(
    lines: logging.Formatter, said: Sequence[object]
) -> None:
    text = lines.format(a_record(*said))
    expected = len(said[0].facts) if isinstance(said[0], LoggedEvents) else 1
    assert len(text.split("\n")) == expected
    assert set(NASTY[1:]).isdisjoint(text)
    assert text.encode()  # nothing that UTF-8 cannot say
    assert all(line.splitlines() == [line] for line in text.split("\n"))


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_a_traceback_stays_on_its_line(lines: logging.Formatter) -> None:
    with pytest.raises(UnicodeDecodeError) as raised:
        b"\xff".decode()
    text = lines.format(a_record("failed", error=raised.value))
    assert len(text.splitlines()) == 1
    assert "test_log_lines.py" in text
    assert "UnicodeDecodeError" in text
