"""Prints one line per case and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One case as it went. `problems` is empty when it went as expected."""

    name: str
    level: str
    got: str
    expected: str
    seconds: float
    problems: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        return not self.problems


def show(result: Result) -> None:
    mark = "ok  " if result.is_right else "FAIL"
    line = f"{mark} {result.level:7}{result.name:32} {result.got:16} {result.seconds:6.2f} s"
    print(line + "".join(f"  <- {problem}" for problem in result.problems), flush=True)


def share(results: Iterable[Result], level: str) -> tuple[int, int]:
    """How many of a level are right, and how many there are."""
    of_level = [result for result in results if result.level == level]
    return sum(result.is_right for result in of_level), len(of_level)
