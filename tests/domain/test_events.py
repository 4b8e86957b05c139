"""The table of events: what the docs say is what the code does."""

import re
from pathlib import Path

from moderator.domain.events.arrival import Event
from moderator.domain.events.effects import TABLE
from moderator.domain.events.known import State

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"


def told() -> dict[tuple[str, str], str]:
    """The cells of the page, by event and state."""
    found: dict[tuple[str, str], str] = {}
    event = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"### `([\w.]+)`", line):
            event = heading[1]
        elif line.startswith("## "):
            event = ""
        elif event and (cell := re.fullmatch(r"\| (.+?) \| (.+) \|", line)):
            found[event, cell[1]] = cell[2]
    return {key: cell for key, cell in found.items() if key[1] != "when it is"}


def test_the_docs_hold_the_table_that_the_code_holds() -> None:
    ours = {
        (event.value, state.value): rule.value
        for event, cells in TABLE.items()
        for state, rule in cells.items()
    }
    assert told() == ours


def test_every_event_meets_every_state() -> None:
    assert set(TABLE) == set(Event)
    assert all(set(cells) == set(State) for cells in TABLE.values())
