"""What several commands take as options, judged when it is given."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from moderator.domain.addresses import Pairs, is_public, read_authority, read_pair, same_address
from moderator.domain.errors import InvalidError, RefusedError
from moderator.domain.urls import PORTS, Url, strict

LANG = re.compile(r"[A-Za-z]{2,8}(?:[_-][A-Za-z0-9]{1,8}){0,7}")

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


def lang(option: str, given: str) -> str:
    """A language such as en, pt-BR or de_DE, '' for none. Raises InvalidError."""
    if given and not LANG.fullmatch(given):
        raise InvalidError(f"{option} takes a language such as en or pt-BR, not {given!a}")
    return given


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
