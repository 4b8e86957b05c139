"""The log, kept by the standard library: a line for each event, as text or as an object of JSON.

Whatever a record says stays on its own line: signs that are none to be seen, which could begin
another or turn it around, are written as Python writes them. A traceback is a part of its line.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from moderator.settings import Settings

log = logging.getLogger("moderator")

PLAIN = re.compile(r"[!#-<>-\[\]-~]+")  # what needs no quotes
PAIR = re.compile(r"(?<!\S)([a-z_]{1,32})=([^\s\"=]+)")
OF_JSON = (bool, int, float, type(None))


@dataclass(frozen=True, slots=True)
class LoggedEvents:
    """What a record of the log says: one event or several of a kind, of which each is a line.

    As text a line is `key=value`, and a value is in quotes where it would not be told apart.
    """

    name: str
    facts: Sequence[Mapping[str, object]]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        return [
            " ".join([f"event={self.name}", *(f"{key}={_value(facts[key])}" for key in facts)])
            for facts in self.facts
        ]


class StandardLog:
    def info(self, event: str, /, **facts: object) -> None:
        log.info(LoggedEvents(event, (facts,)))

    def info_each(self, event: str, facts: Sequence[Mapping[str, object]], /) -> None:
        if facts and log.isEnabledFor(logging.INFO):
            log.info(LoggedEvents(event, facts))

    def warning(self, event: str, /, **facts: object) -> None:
        log.warning(LoggedEvents(event, (facts,)))

    def failure(self, event: str, error: BaseException, /, **facts: object) -> None:
        log.error(LoggedEvents(event, (facts,)), exc_info=error)


def _value(value: object) -> str:
    text = str(value)
    if type(value) in OF_JSON or PLAIN.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class TextLines(logging.Formatter):
    """`2026-03-04 12:00:00,123 level=INFO logger=moderator event=… key=value`."""

    _second, _shown = 0, ""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self._time(record)} level={record.levelname} logger={record.name} "
        thrown = _traceback(self, record)
        behind = f' traceback="{thrown}"' if thrown else ""
        return "\n".join([on_one_line(f"{head}{line}{behind}") for line in _lines(record)])

    def _time(self, record: logging.LogRecord) -> str:
        """Most records come in the second of the one before."""
        second = int(record.created)
        if second != self._second:
            self._shown = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            self._second = second
        return f"{self._shown},{int(record.msecs):03d}"


class JsonLines(logging.Formatter):
    """`{"event": …, …, "time": …, "level": …, "logger": …}`; what is no event has a `message`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        of_all: dict[str, object] = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if thrown := _traceback(self, record):
            of_all["traceback"] = thrown
        # Nothing but ASCII: no line ends early, whoever reads it.
        return "\n".join([json.dumps({**said, **of_all}) for said in _said(record)])


def set_up_logging(settings: Settings) -> None:
    """Lines go to standard error. Once in a process: a second call changes nothing."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=settings.log_level, handlers=[handler])


def on_one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join([sign if sign.isprintable() else repr(sign)[1:-1] for sign in text])


def _lines(record: logging.LogRecord) -> list[str]:
    said: object = record.msg
    return said.lines() if isinstance(said, LoggedEvents) else [record.getMessage()]


def _said(record: logging.LogRecord) -> list[dict[str, object]]:
    if isinstance(record.msg, LoggedEvents):
        return [
            {"event": record.msg.name, **{key: _plain(facts[key]) for key in facts}}
            for facts in record.msg.facts
        ]
    message = record.getMessage()
    return [{**dict(PAIR.findall(message)), "message": message}]


def _plain(value: object) -> object:
    """Numbers as numbers; names out of a closed set are strings, too."""
    return value if type(value) in OF_JSON else str(value)


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    return formatter.formatException(record.exc_info)
