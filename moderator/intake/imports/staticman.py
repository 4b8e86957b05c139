"""Staticman's data files: a folder (or one of its files) of YAML or JSON, a comment a file.

Fields are as the blog's owner chose them, so each is looked for under the names that its examples
and the common themes use. The folder of a file names the post.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from moderator.domain.content.fingerprint import digest
from moderator.domain.errors import MalformedError
from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.json_stream import Row, words

NAME = "staticman"
TITLE = "Staticman"
CANNOT_SAY: tuple[str, ...] = (
    "Only what was merged is in the folder: nothing that waits, was refused or is spam.",
    "Where e-mail addresses are stored as MD5, nobody is known again by them.",
)
LONGEST = 1024 * 1024  # bytes of a file
ENDINGS = {".yml", ".yaml", ".json", ".md", ".markdown", ".txt"}
FENCE = "---"  # around what stands in front of a Markdown file
MD5 = 32  # hex digits


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError where nothing in the folder is such a file, or one is not whole."""
    is_export = False
    for path in file.members():
        if path.suffix.lower() not in ENDINGS:
            continue
        file.read += path.stat().st_size
        is_export = True
        yield _comment(path, _row(path))
    if not is_export:
        raise MalformedError("There are no YAML or JSON files of Staticman here")


def _row(path: Path) -> Row:
    if path.stat().st_size > LONGEST:
        raise MalformedError(f"{path.name} is longer than {LONGEST:,} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text) if path.suffix.lower() == ".json" else _front(text)
    except MalformedError as error:
        raise MalformedError(f"{path.name} cannot be read: {error}") from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise MalformedError(f"{path.name} is no YAML or JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise MalformedError(f"{path.name} holds no fields")
    return found


def _front(text: str) -> object:
    """The fields; of a Markdown file what stands in front, and the text below as `message`."""
    if not text.startswith(FENCE):
        return _loaded(text)
    head, fence, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
    found = _loaded(head)
    if fence and body.strip() and isinstance(found, dict):
        found.setdefault("message", body.strip())
    return found


def _loaded(text: str) -> object:
    """Without references: a few of them could stand for a value of any size."""
    for each in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(each, yaml.AliasEvent):
            raise MalformedError("it refers to itself")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _comment(path: Path, said: Row) -> ExportedComment | PassedOver:
    content = words(said, "message", "comment", "body", "text", "content")
    if not content:
        return PassedOver("a file without a text")
    email = words(said, "email", "email_address")
    is_digest = len(email) == MD5 and email.isalnum()
    post = words(said, "slug", "postId", "post_id", "post") or path.parent.name
    return ExportedComment(
        id=words(said, "_id", "id") or f"staticman-{digest(f'{path.parent.name}/{path.name}')}",
        status="approved",
        content=content,
        format=Format.MARKDOWN,
        created=read_date(_date(said)),
        parent=words(said, "_parent", "parent", "replying_to", "reply_to", "replyTo"),
        author=Author(
            name=words(said, "name", "author"),
            email="" if is_digest else email,
            url=words(said, "url", "website", "site", "authorurl"),
        ),
        post=Post(id=post, title=words(said, "post_title", "title")),
    )


def _date(said: Row) -> object:
    """YAML reads a date as one; numbers are seconds, or milliseconds where they are that many."""
    value = next((said[name] for name in ("date", "timestamp", "created") if said.get(name)), None)
    isoformat = getattr(value, "isoformat", None)
    if isoformat is not None:
        return isoformat()
    is_long = str(value).isdigit() and len(str(value)) == len("1700000000000")
    return int(str(value)) / 1000 if is_long else value
