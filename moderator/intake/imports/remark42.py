"""Remark42's backup: JSON lines, the first with facts about users and posts, then a comment each.

`remark42 backup` and its own nightly files are the same, packed with gzip.
"""

from collections.abc import Iterator

from moderator.domain.errors import MalformedError
from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.json_stream import Row, lines, row, words

NAME = "remark42"
TITLE = "Remark42"
CANNOT_SAY: tuple[str, ...] = (
    "Remark42 knows no spam and nothing that waits: a deleted comment is passed over.",
    "It keeps no e-mail address, and of IP addresses a digest, by which nobody is told apart here.",
)
VERSIONS = (0, 1)
ADMIN = "administrator"


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError, which names the line."""
    for number, line in lines(file):
        found = row(number, line)
        if number == 1:
            is_head = "version" in found and ("users" in found or "posts" in found)
            if not is_head or found["version"] not in VERSIONS:
                raise MalformedError("This is no backup of Remark42 that is known here")
            continue
        if "locator" not in found:
            raise MalformedError(f"Line {number} is no comment of Remark42")
        yield _comment(found)


def _comment(found: Row) -> ExportedComment | PassedOver:
    if found.get("delete") or found.get("deleted"):
        return PassedOver("deleted at the blog")
    user, locator = _within(found, "user"), _within(found, "locator")
    original, account = words(found, "orig"), words(user, "id")
    return ExportedComment(
        id=words(found, "id"),
        status="approved",
        content=original or words(found, "text"),
        format=Format.MARKDOWN if original else Format.HTML,
        created=read_date(found.get("time")),
        parent=words(found, "pid"),
        author=Author(
            id=account,
            name=words(user, "name"),
            role=ADMIN if user.get("admin") else "",
            provider=account.partition("_")[0],
            is_authenticated=bool(account),
        ),
        post=Post(id=words(locator, "url"), url=words(locator, "url"), title=words(found, "title")),
    )


def _within(found: Row, name: str) -> Row:
    value = found.get(name)
    return value if isinstance(value, dict) else {}
