"""Counts the work of Python code: lines that run, and characters that string methods go through.

Patterns are counted apart (steps.py); what a method that may stop early reads is not known.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any  # what a tracer is told has no one type

import moderator

HOME = Path(moderator.__file__).parent
# These stop at what they look for, or look at one place.
BRIEF = frozenset({"startswith", "endswith", "find", "rfind", "index", "isascii"})


class Work:
    """The work done by the modules of a folder while it is counted, by module."""

    def __init__(self, home: Path = HOME) -> None:
        self.done: dict[str, int] = {}
        self._home = f"{home}/"

    def of(self, call: Callable[[], object]) -> dict[str, int]:
        before = sys.gettrace(), sys.getprofile()
        sys.settrace(self._enter)
        sys.setprofile(self._called)
        try:
            call()
        finally:
            sys.settrace(before[0])
            sys.setprofile(before[1])
        return self.done

    def _add(self, frame: FrameType, work: int) -> None:
        name = frame.f_code.co_filename.removeprefix(self._home)
        self.done[name] = self.done.get(name, 0) + work

    def _enter(self, frame: FrameType, _event: str, _: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(self._home) else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self._add(frame, 1)
        return self._line

    def _called(self, frame: FrameType, event: str, method: Any) -> None:
        if event != "c_call" or not frame.f_code.co_filename.startswith(self._home):
            return
        subject = getattr(method, "__self__", None)
        if isinstance(subject, str | bytes) and method.__name__ not in BRIEF:
            self._add(frame, len(subject))
