"""A few hundred inputs for each parser, the same every time; `make fuzz` goes on from there."""

from random import Random

import pytest

from tests.fuzz.__main__ import try_one
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS, Target

INPUTS = 150


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_comes_is_read_or_refused_by_design(target: Target) -> None:
    random = Random(f"1 {target.name}")  # noqa: S311  # noise
    faults = [try_one(target, mutated(target.seeds, random)) for _ in range(INPUTS)]
    assert [fault for fault in faults if fault] == []


def test_a_fault_is_seen() -> None:
    broken = Target("broken", (b"x",), lambda body: body.decode("ascii"))
    assert "UnicodeDecodeError" in try_one(broken, b"\xff")
    assert try_one(broken, b"x") == ""
