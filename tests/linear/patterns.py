"""Finds every pattern of the program, how it is used, and the texts that are hard for it.

A text is hard when a piece that the pattern can begin or go on with is repeated without end, and
then comes what the pattern cannot take. The pieces are made of the pattern's own characters.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from pathlib import Path
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import moderator
from tests.marks import EVERY_STATE

ROOT = Path(moderator.__file__).parent
ANCHORED = frozenset({"match", "fullmatch"})
USES = ANCHORED | {"search", "finditer", "findall", "sub", "subn", "split"}
MOST_CHARACTERS = 8  # kinds of characters of one pattern that are tried
MOST_SAMPLES = 24
MOST_PIECES = 300 if EVERY_STATE else 120
# One of each category, and characters that hardly any pattern takes.
COMMON = "a0 \n_-.é\u0416\u4e2d\u0301\x00"

Pattern = re.Pattern[Any]


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern of the program; `is_anchored` when it is only ever asked at one place."""

    name: str
    pattern: Pattern
    is_anchored: bool = False
    is_whole: bool = False

    def __str__(self) -> str:
        return self.name


@cache
def all_patterns() -> tuple[Used, ...]:
    """Every compiled pattern that stands in a module under `moderator`, each once."""
    found: dict[int, Used] = {}
    for module in _modules():
        for name, value in _patterns_in(vars(module)):
            full = f"{module.__name__}.{name}"
            uses = _uses().get(name.partition(".")[0], set())
            is_anchored = bool(uses) and uses <= ANCHORED
            found.setdefault(id(value), Used(full, value, is_anchored, uses == {"fullmatch"}))
    return tuple(found.values())


def _modules() -> Iterator[Any]:
    names = pkgutil.walk_packages([str(ROOT)], f"{moderator.__name__}.")
    for module in names:
        if (
            not module.name.endswith(("__main__", ".wsgi", ".env"))
            and ".versions" not in module.name
        ):
            yield importlib.import_module(module.name)


def _patterns_in(names: dict[str, Any]) -> Iterator[tuple[str, Pattern]]:
    for name, value in names.items():
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, (tuple, list, dict)):
            values = value.values() if isinstance(value, dict) else value
            yield from ((f"{name}.{at}", v) for at, v in enumerate(values) if _is_pattern(v))
        elif isinstance(value, type) and value.__module__.startswith("moderator"):
            yield from ((f"{name}.{n}", v) for n, v in vars(value).items() if _is_pattern(v))


def _is_pattern(value: object) -> bool:
    return isinstance(value, re.Pattern)


@cache
def sources() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT.parent)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }


@cache
def _uses() -> dict[str, set[str]]:
    """By name, the methods called on it anywhere; one that is handed over may be searched."""
    found: dict[str, set[str]] = {}
    for tree in sources().values():
        owners = set()
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(ast.Name(id=owner) as name, attr):
                    owners.add(id(name))
                    if attr in USES:
                        found.setdefault(owner, set()).add(attr)
                case ast.Name(id=name, ctx=ast.Load()) if name.isupper() and id(node) not in owners:
                    found.setdefault(name, set()).add("search")
    return found


class Hard:
    """The texts that are hard for one pattern, as (prefix, piece, suffix)."""

    def __init__(self, pattern: Pattern) -> None:
        self._bytes = isinstance(pattern.pattern, bytes)
        self._tree = _parser.parse(pattern.pattern, pattern.flags)
        self._singles = list(_singles(self._tree))
        self.characters = self._kinds()
        self.samples = list(dict.fromkeys(islice(self._samples(self._tree), MOST_SAMPLES)))

    def texts(self, length: int) -> Iterator[str | bytes]:
        return (self.text(parts, length) for parts in self.parts())

    def text(self, parts: tuple[str, str, str], length: int) -> str | bytes:
        prefix, piece, suffix = parts
        text = (prefix + piece * (length // len(piece)))[:length] + suffix
        return text.encode("latin-1", "replace") if self._bytes else text

    def parts(self) -> Iterator[tuple[str, str, str]]:
        odd = self.characters[-1]
        for piece in islice(dict.fromkeys(self._pieces()), MOST_PIECES):
            yield "", piece, odd
        for prefix in dict.fromkeys(self._prefixes()):
            for piece in self.characters:
                yield prefix, piece, odd

    def _pieces(self) -> Iterator[str]:
        yield from self.characters
        yield from map("".join, product(self.characters, repeat=2))
        for sample in self.samples:
            yield from (sample[:end] for end in range(2, min(len(sample), 12) + 1))
            yield sample + self.characters[-1]
        for sample in self.samples:
            starts = (sample[:end] for end in range(1, min(len(sample), 6) + 1))
            yield from map("".join, product(starts, self.characters))

    def _prefixes(self) -> Iterator[str]:
        for sample in self.samples[:MOST_CHARACTERS]:
            yield from (sample[:end] for end in range(1, min(len(sample), 12) + 1))

    def _kinds(self) -> list[str]:
        """One character of each kind: kinds differ in which parts of the pattern take them."""
        kinds: dict[tuple[bool, ...], str] = {}
        known = [character for single in self._singles for character in _ends(single)]
        tests = [self._compiled(single) for single in self._singles]
        # What nothing takes comes last: it breaks a run.
        for character in (*known, *COMMON):
            raw = character.encode("latin-1", "ignore") if self._bytes else character
            if raw:
                kinds.setdefault(tuple(test.match(raw) is not None for test in tests), character)
        some = sorted(kinds.items(), key=lambda kind: -sum(kind[0]))
        return [character for _, character in (*some[: MOST_CHARACTERS - 1], some[-1])]

    def _compiled(self, item: Any) -> Pattern:
        compiled: Pattern = _compiler.compile(_parser.SubPattern(self._tree.state, [item]))
        return compiled

    def _samples(self, items: Any) -> Iterator[str]:
        """Texts that are matched, as short as they can be but with each repeat taken once."""
        parts: list[list[str]] = [self._part(op, argument) for op, argument in items]
        longest = max((len(part) for part in parts), default=1)
        for at in range(longest):
            yield "".join(part[at % len(part)] for part in parts)

    def _part(self, op: Any, argument: Any) -> list[str]:
        if op in (_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY):
            return [self._member((op, argument))]
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            return [text * max(1, argument[0]) for text in self._samples(argument[2])]
        if op is _constants.BRANCH:
            return [text for branch in argument[1] for text in self._samples(branch)]
        if op is _constants.SUBPATTERN:
            return list(self._samples(argument[3])) or [""]
        if op is _constants.ATOMIC_GROUP:
            return list(self._samples(argument)) or [""]
        return [""]

    def _member(self, item: Any) -> str:
        test = self._compiled(item)
        for character in (*_ends(item), *COMMON, *map(chr, range(32, 127))):
            raw = character.encode("latin-1", "ignore") if self._bytes else character
            if raw and test.match(raw):
                return character
        return ""


def _singles(items: Any) -> Iterator[Any]:
    for op, argument in items:
        match op:
            case _constants.LITERAL | _constants.NOT_LITERAL | _constants.IN | _constants.ANY:
                yield op, argument
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
                yield from _singles(argument[2])
            case _constants.BRANCH:
                yield from (single for branch in argument[1] for single in _singles(branch))
            case _constants.SUBPATTERN:
                yield from _singles(argument[3])
            case _constants.ATOMIC_GROUP:
                yield from _singles(argument)
            case _constants.ASSERT | _constants.ASSERT_NOT:
                yield from _singles(argument[1])
            case _:
                pass


def _ends(item: Any) -> Iterable[str]:
    """The characters that an item names: a literal, the ends of a range."""
    op, argument = item
    if op in (_constants.LITERAL, _constants.NOT_LITERAL):
        return [chr(argument)]
    if op is not _constants.IN:
        return []
    found: list[str] = []
    for inner, value in argument:
        if inner is _constants.LITERAL:
            found.append(chr(value))
        elif inner is _constants.RANGE:
            found += map(chr, value)
    return found
