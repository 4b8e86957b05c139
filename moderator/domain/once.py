"""A property that is computed when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Generic, TypeVar, overload

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class once(Generic[Owner, Value]):  # noqa: N801  # reads as a decorator
    """functools.cached_property without its lock, which costs more than most of what is kept."""

    def __init__(self, compute: Callable[[Owner], Value]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owner: None, kind: type[Owner]) -> "once[Owner, Value]": ...

    @overload
    def __get__(self, owner: Owner, kind: type[Owner]) -> Value: ...

    def __get__(self, owner: Owner | None, kind: type[Owner]) -> "Value | once[Owner, Value]":
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._compute(owner)
        return value
