"""Counts the steps that a backtracking matcher takes, over Python's own parse tree of a pattern.

It follows CPython's matcher: alternatives in order, greedy before lazy, possessive without return.
A step is one character looked at, one alternative begun, or one given back.
"""

import re
from dataclasses import dataclass
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

SINGLE = frozenset({_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY})
REPEATS = {
    _constants.MAX_REPEAT: "greedy",
    _constants.MIN_REPEAT: "lazy",
    _constants.POSSESSIVE_REPEAT: "possessive",
}
MANY = 1 << 30

Text = str | bytes
Instruction = tuple[Any, ...]
Registers = tuple[tuple[Any, int], ...]


class TooManyError(Exception):
    """More steps than were allowed."""


@dataclass(slots=True)
class Steps:
    """How many were taken; `limit` is how many may be."""

    limit: int = MANY
    taken: int = 0

    def add(self, number: int = 1) -> None:
        self.taken += number
        if self.taken > self.limit:
            raise TooManyError


class Counted:
    """A pattern as a program for the counting matcher."""

    def __init__(self, pattern: "re.Pattern[Any]") -> None:
        tree = _parser.parse(pattern.pattern, pattern.flags)
        self._state = tree.state
        self.program = self._sequence(tree, [])
        self.program.append(("end",))
        firsts = _firsts(tree)
        self._first = None if firsts is None else self._any_of(firsts)

    def scan(self, text: Text, steps: Steps) -> list[tuple[int, int]]:
        """The spans that finditer would find."""
        found, place = [], 0
        while place <= len(text):
            if self._first is not None:
                start = self._first.search(text, place)
                steps.add((start.start() if start else len(text)) - place)
                if start is None:
                    break
                place = start.start()
            end = self.match(text, place, steps)
            if end is None:
                place += 1
                continue
            found.append((place, end))
            place = end if end > place else end + 1
        return found

    def match(self, text: Text, place: int, steps: Steps, *, whole: bool = False) -> int | None:
        """Where a match that begins at `place` ends."""
        done = _run(self.program, text, place, (), steps, whole=whole)
        return None if done is None else done[0]

    def _compiled(self, items: list[Any]) -> "re.Pattern[Any]":
        return _compiler.compile(_parser.SubPattern(self._state, items))

    def _any_of(self, items: list[Any]) -> "re.Pattern[Any]":
        branches = [_parser.SubPattern(self._state, [item]) for item in items]
        return self._compiled([(_constants.BRANCH, (None, branches))])

    def _sequence(self, items: Any, program: list[Instruction]) -> list[Instruction]:
        for op, argument in items:
            if op in SINGLE:
                program.append(("one", self._compiled([(op, argument)])))
            elif op in REPEATS:
                self._repeat(REPEATS[op], *argument, program=program)
            else:
                getattr(self, f"_{op.name.lower()}")(argument, program)
        return program

    def _at(self, where: Any, program: list[Instruction]) -> None:
        program.append(("at", self._compiled([(_constants.AT, where)])))

    def _subpattern(self, argument: Any, program: list[Instruction]) -> None:
        group, _, _, inside = argument
        if group is not None:
            program.append(("set", ("start", group)))
        self._sequence(inside, program)
        if group is not None:
            program.append(("set", ("end", group)))

    def _atomic_group(self, inside: Any, program: list[Instruction]) -> None:
        program.append(("atomic", [*self._sequence(inside, []), ("end",)]))

    def _assert(self, argument: Any, program: list[Instruction]) -> None:
        self._look(argument, program, is_wanted=True)

    def _assert_not(self, argument: Any, program: list[Instruction]) -> None:
        self._look(argument, program, is_wanted=False)

    def _look(self, argument: Any, program: list[Instruction], *, is_wanted: bool) -> None:
        direction, inside = argument
        back = inside.getwidth()[0] if direction < 0 else 0
        program.append(("look", [*self._sequence(inside, []), ("end",)], back, is_wanted))

    def _groupref(self, group: int, program: list[Instruction]) -> None:
        program.append(("again", group))

    def _branch(self, argument: Any, program: list[Instruction]) -> None:
        *firsts, last = argument[1]
        ends = []
        for branch in firsts:
            split = len(program)
            program.append(())
            self._sequence(branch, program)
            ends.append(len(program))
            program.append(())
            program[split] = ("split", split + 1, len(program))
        self._sequence(last, program)
        for end in ends:
            program[end] = ("jump", len(program))

    def _repeat(
        self, how: str, least: Any, most: Any, inside: Any, *, program: list[Instruction]
    ) -> None:
        most = MANY if most is _constants.MAXREPEAT else most
        if len(inside) == 1 and inside[0][0] in SINGLE:
            limit = _constants.MAXREPEAT if most == MANY else most
            run = self._compiled([(_constants.MAX_REPEAT, (0, limit, inside))])
            program.append(("run", run, least, most, how))
        elif how == "possessive":
            program.append(("own", [*self._sequence(inside, []), ("end",)], least, most))
        else:
            for _ in range(least):
                self._sequence(inside, program)
            if most == MANY:
                self._endless(how, inside, program)
            else:
                self._at_most(how, most - least, inside, program)

    def _endless(self, how: str, inside: Any, program: list[Instruction]) -> None:
        top = len(program)
        program += [(), ("set", ("loop", top))]
        self._sequence(inside, program)
        program += [("moved", top), ("jump", top)]
        program[top] = _split(how, top + 1, len(program))

    def _at_most(self, how: str, times: int, inside: Any, program: list[Instruction]) -> None:
        splits = []
        for _ in range(times):
            splits.append(len(program))
            program.append(())
            self._sequence(inside, program)
        for split in splits:
            program[split] = _split(how, split + 1, len(program))


def _split(how: str, inside: int, beyond: int) -> Instruction:
    return ("split", inside, beyond) if how == "greedy" else ("split", beyond, inside)


def _firsts(items: Any) -> list[Any] | None:
    """What a match can begin with; None when that cannot be said, or when it may be empty."""
    found: list[Any] = []
    for op, argument in items:
        if op in SINGLE:
            return [*found, (op, argument)]
        if op in REPEATS:
            inside = _firsts(argument[2])
            if inside is None:
                return None
            found += inside
            if argument[0]:
                return found
        elif op is _constants.BRANCH:
            branches = [_firsts(branch) for branch in argument[1]]
            if None in branches:
                return None
            return found + [item for branch in branches for item in branch or ()]
        elif op in (_constants.SUBPATTERN, _constants.ATOMIC_GROUP):
            inside = _firsts(argument[3] if op is _constants.SUBPATTERN else argument)
            return None if inside is None else found + inside
        elif op not in (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT):
            return None
    return None


def _run(  # noqa: PLR0912, PLR0915  # a matcher is one loop
    program: list[Instruction],
    text: Text,
    place: int,
    registers: Registers,
    steps: Steps,
    *,
    whole: bool = False,
) -> tuple[int, Registers] | None:
    """Where the program ends when it is begun at `place`; None when it fails."""
    at, waiting = 0, []
    while True:
        steps.add()
        kind, *rest = program[at]
        is_good = True
        match kind:
            case "end":
                if not whole or place == len(text):
                    return place, registers
                is_good = False
            case "one":
                found = rest[0].match(text, place)
                is_good = found is not None
                if found:
                    at, place = at + 1, place + 1
            case "run":
                run, least, most, how = rest
                length = run.match(text, place).end() - place
                steps.add(least if how == "lazy" and length >= least else length)
                is_good = length >= least
                if is_good and how == "greedy":
                    if length > least:
                        waiting.append((at + 1, place + least, place + length - 1, registers, -1))
                    at, place = at + 1, place + length
                elif is_good and how == "lazy":
                    if length > least:
                        waiting.append((at + 1, place + least + 1, place + length, registers, 1))
                    at, place = at + 1, place + least
                elif is_good:
                    at, place = at + 1, place + length
            case "split":
                waiting.append((rest[1], place, place, registers, 0))
                at = rest[0]
            case "jump":
                at = rest[0]
            case "at":
                is_good = rest[0].match(text, place) is not None
                at += 1
            case "set":
                registers = (*(pair for pair in registers if pair[0] != rest[0]), (rest[0], place))
                at += 1
            case "moved":
                is_good = dict(registers)["loop", rest[0]] != place
                at += 1
            case "again":
                kept = dict(registers)
                again = text[kept["start", rest[0]] : kept["end", rest[0]]]
                steps.add(len(again))
                is_good = text.startswith(again, place)  # type: ignore[arg-type]
                at, place = at + 1, place + len(again)
            case "look":
                inside, back, is_wanted = rest
                start = place - back
                seen = start >= 0 and _run(inside, text, start, registers, steps) is not None
                is_good = seen is is_wanted
                at += 1
            case "atomic":
                done = _run(rest[0], text, place, registers, steps)
                is_good = done is not None
                if done:
                    (place, registers), at = done, at + 1
            case "own":
                inside, least, most = rest
                times = 0
                while times < most:
                    done = _run(inside, text, place, registers, steps)
                    if done is None or (done[0] == place and times >= least):
                        break
                    (place, registers), times = done, times + 1
                is_good = times >= least
                at += 1
        if is_good:
            continue
        if not waiting:
            return None
        at, low, high, registers, direction = waiting.pop()
        if direction < 0:
            place = high
            if high > low:
                waiting.append((at, low, high - 1, registers, direction))
        else:
            place = low
            if direction > 0 and high > low:
                waiting.append((at, low + 1, high, registers, direction))
