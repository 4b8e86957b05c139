"""What several commands take as options, judged when it is given."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from moderator.domain.errors import InvalidError, RefusedError
from moderator.domain.text.languages import read_language
from moderator.domain.urls.addresses import (
    Pairs,
    is_public,
    read_authority,
    read_pair,
    same_address,
)
from moderator.domain.urls.parse import PORTS, Url, strict

Read = TypeVar("Read")


def pairs(option: str, given: Iterable[str]) -> Pairs:
    """Addresses that may be opened although they are not public. Raises InvalidError."""
    return frozenset(_read(option, text, read_pair) for text in given)


def hosts(option: str, given: Iterable[str]) -> frozenset[str]:
    """Hosts as in Site.hosts. Raises InvalidError."""
    return frozenset(_read(option, text, read_authority) for text in given)


def url(option: str, given: str) -> Url:
    """An absolute http(s) address. Raises InvalidError."""
    return _read(option, given, _strict)


def callback_url(option: str, given: str, allowed: Pairs) -> str:
    """Where verdicts go, '' for nowhere. Raises InvalidError for what would never be opened.

    Where a name leads is judged at each try: it may lead elsewhere tomorrow.
    """
    if not given:
        return ""
    found = url(option, given)
    if found.is_literal:
        is_open = (same_address(found.host), found.port) in allowed
        is_open |= is_public(found.host) and found.port in PORTS.values()
    else:
        is_open = found.port in {*PORTS.values(), *(port for _, port in allowed)}
    if not is_open:
        needed = f"--allow {found.authority if found.is_literal else f'IP:{found.port}'}"
        raise InvalidError(f"{option}: this address is opened with {needed} only")
    return given


def langs(option: str, given: str) -> tuple[str, ...]:
    """Languages between commas (de,en or pt-BR), each once; none of ''. Raises InvalidError."""
    if not given.strip():
        return ()
    typed = (each.strip() for each in given.split(","))
    return tuple(dict.fromkeys(_read(option, each, read_language) for each in typed))


def _strict(text: str) -> Url:
    try:
        return strict(text)
    except RefusedError as error:
        raise ValueError(f"cannot be used: {error}") from error


def _read(option: str, text: str, read: Callable[[str], Read]) -> Read:
    try:
        return read(text)
    except ValueError as error:
        raise InvalidError(f"{option} {text!a} {error}") from error
