"""Movable Type's export format (text), which TypePad and many others write as well.

Nothing has a number in it, so a comment is known by the post, the time, the author and the words.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from moderator.domain.content.fingerprint import digest
from moderator.domain.errors import MalformedError
from moderator.domain.submission import Author, Format, Post
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile

NAME = "movabletype"
TITLE = "Movable Type"
CANNOT_SAY: tuple[str, ...] = (
    "Movable Type exports only what is published, without numbers and answers to whom.",
    "Times are of the blog's own zone, which the file does not name: they are taken for UTC.",
)
LONGEST = 4 * 1024 * 1024  # characters of a line or of one part
PART, ENTRY = "-----", "--------"
FIELD = re.compile(r"([A-Z][A-Z ]{1,30}): ?(.*)")
DATE = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2,4}) ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ([AP]M))?"
)
MANY = ("COMMENT:", "PING:")
OF_COMMENT = frozenset({"AUTHOR", "EMAIL", "IP", "URL", "DATE", "TITLE", "BLOG NAME"})
NOON, CENTURY = 12, 100


@dataclass(slots=True)
class _Entry:
    fields: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    def post(self) -> Post:
        said = self.fields
        return Post(
            id=said.get("BASENAME", "") or said.get("TITLE", ""),
            url=said.get("UNIQUE URL", ""),
            title=said.get("TITLE", ""),
            tags=tuple(self.tags),
            published=_time(said.get("DATE", "")),
        )


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such export."""
    entry, is_export = _Entry(), False
    for part, end in _parts(file):
        is_export |= _note(entry, part)
        if end == ENTRY and not is_export:
            break
        if kind := _kind(part):
            yield _comment(entry.post(), kind, part)
        if end == ENTRY:
            entry = _Entry()
    if not is_export:
        raise MalformedError(
            "This is no export of Movable Type: its entries have no title and date"
        )


def _parts(file: ExportFile) -> Iterator[tuple[list[str], str]]:
    """What stands between two separators, and the one behind it."""
    part, length = list[str](), 0
    for line in _lines(file):
        if line in (PART, ENTRY):
            yield part, line
            part, length = [], 0
            continue
        length += len(line)
        if length > LONGEST:
            raise MalformedError(f"A part is longer than {LONGEST:,} characters: no export")
        part.append(line)
    if any(part):
        raise MalformedError("The file ends before it is complete, or is no export")


def _lines(file: ExportFile) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    kept = ""
    try:
        for piece in file.pieces():
            *lines, kept = (kept + decoder.decode(piece)).split("\n")
            yield from (line.rstrip("\r") for line in lines)
            if len(kept) > LONGEST:
                raise MalformedError(f"A line is longer than {LONGEST:,} characters: no export")
        kept += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise MalformedError("The file is not in UTF-8, as it has to be") from error
    if kept:
        yield kept.rstrip("\r")


def _note(entry: _Entry, part: list[str]) -> bool:
    """Keep what an entry says of itself; return whether this was that."""
    if _kind(part):
        return False
    found = [match for line in part if (match := FIELD.fullmatch(line))]
    names = {match[1] for match in found}
    if not names & {"TITLE", "AUTHOR"} or "DATE" not in names:
        return False
    for match in found:
        entry.fields.setdefault(match[1], match[2].strip())
        if match[1] == "TAGS":
            entry.tags += [tag.strip(' "') for tag in match[2].split(",") if tag.strip()]
        elif match[1] == "CATEGORY":
            entry.tags.append(match[2].strip())
    return True


def _kind(part: list[str]) -> str:
    first = next((line for line in part if line.strip()), "")
    return first if first in MANY else ""


def _comment(post: Post, kind: str, part: list[str]) -> ExportedComment:
    lines = part[part.index(kind) + 1 :]
    said: dict[str, str] = {}
    while lines and (match := FIELD.fullmatch(lines[0])) and match[1] in OF_COMMENT:
        said[match[1]] = match[2].strip()
        lines = lines[1:]
    content = "\n".join(lines).strip()
    when = said.get("DATE", "")
    is_ping = kind == "PING:"
    who = said.get("BLOG NAME" if is_ping else "AUTHOR", "")
    named = (post.id, when, who, said.get("URL", ""), content)
    return ExportedComment(
        id=f"mt-{digest(chr(0).join(named))}",
        status="approved",
        content=content,
        format=Format.HTML,
        created=_time(when),
        author=Author(
            name=who, email=said.get("EMAIL", ""), url=said.get("URL", ""), ip=said.get("IP", "")
        ),
        post=post,
        linkback="trackback" if is_ping else "",
        source=said.get("URL", ""),
        title=said.get("TITLE", ""),
        excerpt=content,
    )


def _time(text: str) -> datetime | None:
    """MM/DD/YYYY hh:mm:ss, with AM or PM or without."""
    found = DATE.fullmatch(text.strip())
    if found is None:
        return None
    month, day, year, hour, minute, second = (int(each or 0) for each in found.groups()[:6])
    if found[7]:
        hour = hour % NOON + (NOON if found[7] == "PM" else 0)
    year += 1900 if year < CENTURY else 0
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
