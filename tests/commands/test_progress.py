"""How far a long command is, said where somebody looks and where nobody does."""

import io

from moderator.commands.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, seconds: list[float], *, total: int = 1_000) -> str:
    """What is said of 100, 200, ... records at these times, the first one being the start."""
    times = iter(seconds)
    progress = Progress(out, "records", total, clock=lambda: next(times))
    for step in range(1, len(seconds)):
        progress(step * 100)
    return out.getvalue()


def test_without_a_terminal_there_is_a_line_a_minute() -> None:
    said = told(io.StringIO(), [0, 20, 40, 61, 100, 125])
    assert said.splitlines() == [
        " 30% 300 of 1,000 records, about 2 min 22 s left",
        " 50% 500 of 1,000 records, about 2 min 5 s left",
    ]


def test_on_a_terminal_one_line_is_written_over_and_over() -> None:
    said = told(Terminal(), [0, 0.1, 0.15, 2])
    assert said.split("\r\x1b[K") == [
        "",
        "[###                           ]  10% 100 of 1,000 records",
        "[#########                     ]  30% 300 of 1,000 records, about 5 s left",
    ]


def test_a_total_that_is_not_known_is_not_made_up() -> None:
    assert told(io.StringIO(), [0, 61], total=0) == "100 records\n"


def test_what_was_done_before_makes_it_look_no_faster() -> None:
    times = iter([0.0, 60.0])
    out = io.StringIO()
    Progress(out, "records", 1_000, 800, clock=lambda: next(times))(900)
    assert out.getvalue() == " 90% 900 of 1,000 records, about 1 min 0 s left\n"
