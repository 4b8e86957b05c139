"""Reads rows as several commands take them: an object of JSON a line."""

import json
from collections.abc import Iterable, Iterator

from moderator.domain.errors import MalformedError
from moderator.judgement.training.measures import Row

BYTE_ORDER_MARK = "\ufeff"  # in front of what some editors save


def read_rows(lines: Iterable[str], *, needs: tuple[str, ...]) -> Iterator[Row]:
    """Rows, each with these fields; `text` is words. Raises MalformedError naming the line."""
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _row(number, line, needs)
    except UnicodeDecodeError as error:
        raise MalformedError(f"Behind line {number} comes what is not UTF-8") from error


def _row(number: int, line: str, needs: tuple[str, ...]) -> Row:
    try:
        row = json.loads(line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"Line {number} is not JSON: {error}") from error
    is_row = isinstance(row, dict) and all(row.get(name) is not None for name in needs)
    if not is_row or not isinstance(row.get("text", ""), str):
        raise MalformedError(f"Line {number} needs {' and '.join(needs)}")
    return {str(name): value for name, value in row.items()}
