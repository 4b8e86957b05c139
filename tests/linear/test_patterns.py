"""No pattern of the program takes more than linear time, whatever text it is given."""

import ast
import re

import pytest

from tests.linear.patterns import Hard, Used, all_patterns, sources
from tests.linear.steps import Counted, Steps, TooManyError

LENGTHS = (128, 512, 2_048, 8_192)  # a window that is looked at from each place may be this long
CHEAP = 4.0  # steps per character that need no second look
GROWTH = 1.1  # of the steps per character when the text is four times as long
SLACK = 1.0  # steps per character
MOST = 250  # steps per character

# As these patterns were, or as they are often written: each has a text that is hard for it.
WORSE = {
    "ends that were cut off": r"(?:(?:\[\s*(?:…|\.{2,})\s*\]|…|\.{3,})\s*)+$",
    "a cut address": r"(?:…|\.{3,}|\[(?:…|\.{3,})\])$",
    "a comment": r"/\*.*?\*/|\s+",
    "an address": r"\S+@\S+\.\w+",
    "a number": r"[+(]?\w*\d[\w().,:/+-]*(?: [\d().+-]+)*",
    "a host": r"\b[\w-]{3,}\.(?:com|net|org)\b",
    "nested quantifiers": r"(?:a+)+b",
    "alternatives that overlap": r"(?:a|aa)+b",
    "white space at the end": r"\s+$",
    "two runs that overlap": r"^\s*(\s*\w+\s*)*=",
    "tags": r"<[^>]*>",
    "the longest way": r"a.*b.*c",
}


def used(pattern: str) -> Used:
    return Used(pattern, re.compile(pattern))


class Measure:
    """Counts the steps of one pattern, used as the program uses it."""

    def __init__(self, one: Used) -> None:
        self._one = one
        self._counted = Counted(one.pattern)
        self.hard = Hard(one.pattern)

    def each(self, parts: tuple[str, str, str], length: int) -> float:
        """Steps per character of a text made of these parts; MOST where counting was given up."""
        text = self.hard.text(parts, length)
        steps = Steps(MOST * len(text))
        try:
            if self._one.is_anchored:
                self._counted.match(text, 0, steps, whole=self._one.is_whole)
            else:
                self._counted.scan(text, steps)
        except TooManyError:
            return float(MOST)
        return steps.taken / len(text)

    def grows(self, parts: tuple[str, str, str]) -> bool:
        """Whether each character costs more and more as the text gets longer."""
        before = self.each(parts, LENGTHS[0])
        if before <= CHEAP:
            return False
        for length in LENGTHS[1:]:
            after = self.each(parts, length)
            if after >= MOST:
                return True
            if after <= before * GROWTH + SLACK:
                return False
            before = after
        return True


@pytest.mark.parametrize("one", all_patterns(), ids=str)
def test_no_text_is_hard_for_a_pattern(one: Used) -> None:
    measure = Measure(one)
    hard = [parts for parts in measure.hard.parts() if measure.grows(parts)]
    assert hard == []


@pytest.mark.parametrize("one", all_patterns(), ids=str)
def test_the_dearest_text_stays_linear_at_length(one: Used) -> None:
    measure = Measure(one)
    worst = max(measure.hard.parts(), key=lambda parts: measure.each(parts, 64))
    few, many = measure.each(worst, LENGTHS[-2]), measure.each(worst, LENGTHS[-1])
    assert many <= few * GROWTH + SLACK


@pytest.mark.parametrize("pattern", WORSE.values(), ids=WORSE.keys())
def test_a_hard_text_is_found_where_there_is_one(pattern: str) -> None:
    measure = Measure(used(pattern))
    assert any(measure.grows(parts) for parts in measure.hard.parts())


@pytest.mark.parametrize("one", all_patterns(), ids=str)
def test_the_counting_matcher_finds_what_the_real_one_finds(one: Used) -> None:
    counted, hard = Counted(one.pattern), Hard(one.pattern)
    for text in list(hard.texts(60))[::3]:
        found = [match.span() for match in one.pattern.finditer(text)]
        assert counted.scan(text, Steps()) == found, text
        first = one.pattern.match(text)
        assert counted.match(text, 0, Steps()) == (first.end() if first else None), text


def test_every_pattern_stands_in_a_module_where_it_is_found() -> None:
    """A pattern that a function makes for itself would be missed."""
    missed = []
    for path, tree in sources().items():
        inside = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        at_top = {id(node) for node in ast.walk(tree)} - {
            id(node) for function in inside for node in ast.walk(function)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), attr), [*_]):
                    if attr != "compile" or (id(node) not in at_top and not _is_named(node, tree)):
                        missed.append(f"{path}:{node.lineno}: re.{attr}")
    assert missed == []


def _is_named(node: ast.Call, tree: ast.Module) -> bool:
    """Whether a function that makes patterns is called at the top of its module."""
    makers = {
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and node in ast.walk(function)
    }
    return any(
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
        and statement.value.func.id in makers
        for statement in tree.body
    )
