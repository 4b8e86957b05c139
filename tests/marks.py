"""Which of many alike are tried whenever tests run; the others are `long`."""

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

Value = TypeVar("Value")

EVERY_STATE = bool(os.environ.get("EVERY_STATE"))  # `make test-all`


def long_but(every: Iterable[Value], *kept: Value) -> list[ParameterSet]:
    """All of them as parameters: those that are not kept are tried by `make test-all` only."""
    return [pytest.param(one, marks=() if one in kept else pytest.mark.long) for one in every]
