r"""Patterns of google-re2, which cost linear time whatever people write.

They are searched without regard to case in each thing that a submission says, as it is written
and, where letters pass for others, as it is read. In a pattern `\b`, `\w` and `\d` know the
letters of English only: `\pL` is any letter.
"""

from collections.abc import Iterator
from functools import lru_cache

import re2

from moderator.domain.content.facts import Facts
from moderator.domain.errors import InvalidError
from moderator.domain.lists.compiled import AT, ListHit
from moderator.domain.text.fold import fold

MAX_LENGTH = 1_000  # characters of a pattern
MAX_MEMORY = 1 << 20  # bytes that a compiled pattern may take; more is refused
MAX_STEPS = 2_000  # instructions of a compiled pattern: what a character costs at worst
KEPT_PATTERNS = 1_024


@lru_cache(maxsize=KEPT_PATTERNS)
def compiled_pattern(pattern: str) -> re2._Regexp:
    """Raises InvalidError, with a sentence."""
    if not pattern.strip():
        raise InvalidError("A pattern must say something")
    if len(pattern) > MAX_LENGTH:
        raise InvalidError(f"A pattern has at most {MAX_LENGTH} characters")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        found = re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise InvalidError(f"{pattern!r} is no pattern: {_why(error)}") from error
    if found.programsize > MAX_STEPS:
        raise InvalidError(f"{pattern!r} is too large: {found.programsize} of {MAX_STEPS} steps")
    if found.search("") is not None:
        raise InvalidError(f"{pattern!r} is found in everything, for it fits where nothing stands")
    return found


def _why(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    if isinstance(said, bytes):
        return said.decode(errors="replace")
    return "look-around and back references are not possible, nor are half characters"


def pattern_hit(pattern: str, facts: Facts) -> ListHit | None:
    """Where a pattern is found first, and what stands there. Raises InvalidError."""
    wanted = compiled_pattern(pattern)
    for where, text in said(facts):
        match = wanted.search(text)
        if match is not None:
            return ListHit(pattern, where, str(match.group())[:AT])
    return None


def said(facts: Facts) -> Iterator[tuple[str, str]]:
    """Everything that a submission says, with what it is of it."""
    it, author = facts.submission, facts.submission.author
    fields = [("text", it.text), ("name", author.name), ("e-mail", author.email)]
    fields += [("page", author.url), ("address", author.ip)]
    if it.linkback is not None:
        fields += [("link", it.linkback.source), ("title", it.linkback.source_title)]
    fields += [("link", raw) for raw in dict.fromkeys(link.raw for link in facts.text_links)]
    for where, text in fields:
        if text:
            yield where, _whole(text)
            if not text.isascii():
                yield where, _whole(facts.folded if text is it.text else fold(text))


def _whole(text: str) -> str:
    """Half a character is no character to the library, which would raise."""
    return text if text.isascii() else text.encode(errors="replace").decode()
