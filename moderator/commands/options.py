"""What several commands take as options, judged when it is given."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from moderator.domain.errors import InvalidError
from moderator.domain.urls.addresses import Pairs, read_authority
from moderator.domain.urls.parse import Url
from moderator.usecases.operate.site_values import read_languages, read_target, read_url

Read = TypeVar("Read")


def pairs(option: str, given: Iterable[str]) -> Pairs:
    """Addresses that may be opened although they are not public. Raises InvalidError."""
    return frozenset(_read(option, text, read_target) for text in given)


def hosts(option: str, given: Iterable[str]) -> frozenset[str]:
    """Hosts as in Site.hosts. Raises InvalidError."""
    return frozenset(_read(option, text, read_authority) for text in given)


def url(option: str, given: str) -> Url:
    """An absolute http(s) address. Raises InvalidError."""
    return _read(option, given, read_url)


def langs(option: str, given: str) -> tuple[str, ...]:
    """Languages between commas (de,en or pt-BR), each once; none of ''. Raises InvalidError."""
    return _read(option, given, read_languages)


def text(option: str, path: str) -> str:
    """What a file says, or standard input for '-'. Raises InvalidError."""
    try:
        whole = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return whole.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise InvalidError(f"{option} {path} cannot be read: {error}") from error


def _read(option: str, text: str, read: Callable[[str], Read]) -> Read:
    try:
        return read(text)
    except ValueError as error:
        raise InvalidError(f"{option} {text!a} {error}") from error
