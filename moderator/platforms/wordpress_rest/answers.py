"""What the REST API of a WordPress answers, read without believing more than is needed."""

import re
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.domain.verdict import VERDICT_OF_STATUS

NOTES = frozenset({"note", "order_note"})  # of the blog's own people among themselves
WORD = re.compile(r"[a-z_]{1,60}\Z")
GONE = "rest_comment_invalid_id"
ADVICE = {
    401: "it does not take the user and the application password (a proxy may drop the header)",
    403: "this user may not moderate comments",
    404: "there is no REST API of WordPress",
}


Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class WordPressAnswer:
    """`total` is how long the whole list is of which this is a page, None where it is not said."""

    status: int
    body: bytes = b""
    retry_after: int | None = None
    location: str = ""
    total: int | None = None


class Content(msgspec.Struct):
    raw: str = ""


class Link(msgspec.Struct):
    href: str = ""


class Links(msgspec.Struct):
    up: list[Link] = []


class WordPressComment(msgspec.Struct):
    """A comment as the REST API tells it to who may moderate."""

    id: int
    status: str = ""
    post: int = 0
    parent: int = 0
    author: int = 0
    author_name: str | None = ""
    author_email: str | None = ""
    author_url: str | None = ""
    author_ip: str | None = ""
    author_user_agent: str | None = ""
    date_gmt: str | None = ""
    content: Content = msgspec.field(default_factory=Content)
    link: str = ""
    type: str = "comment"
    links: Links = msgspec.field(default_factory=Links, name="_links")

    @property
    def is_note(self) -> bool:
        return self.type in NOTES


class Title(msgspec.Struct):
    rendered: str = ""


class WordPressPost(msgspec.Struct):
    id: int = 0
    link: str = ""
    title: Title = msgspec.field(default_factory=Title)
    date_gmt: str | None = ""
    comment_status: str = ""
    type: str = ""
    tags: tuple[str, ...] = ()  # asked for apart


class _Tag(msgspec.Struct):
    name: str = ""


class _Problem(msgspec.Struct):
    code: str = ""


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Comments of a list; `length` counts those that could not be read, too."""

    comments: tuple[WordPressComment, ...] = ()
    length: int = 0
    total: int | None = None

    def is_last(self, end: int, size: int) -> bool:
        """Whether a page of `size` that ends at `end` is the last: pages may lack some."""
        return self.length < size if self.total is None else end >= self.total


_raw = msgspec.json.Decoder(list[msgspec.Raw])


def comments_in(answer: WordPressAnswer) -> CommentPage | None:
    """The comments of a list, without those of odd shape; None where it is no list."""
    try:
        rows = _raw.decode(_json(answer))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    read = (_comment(bytes(row)) for row in rows)
    return CommentPage(tuple(each for each in read if each is not None), len(rows), answer.total)


def comment_in(answer: WordPressAnswer) -> WordPressComment | None:
    return _comment(_json(answer))


def post_in(answer: WordPressAnswer) -> WordPressPost | None:
    return _read(_json(answer), WordPressPost)


def with_tags(post: WordPressPost, tags: tuple[str, ...]) -> WordPressPost:
    return msgspec.structs.replace(post, tags=tags)


def tags_in(answer: WordPressAnswer) -> tuple[str, ...]:
    found = _read(_json(answer), list[_Tag]) or []
    names = (plain(tag.name, Format.HTML)[:255] for tag in found)
    return tuple(name for name in names if name)


def is_gone(answer: WordPressAnswer) -> bool:
    """Whether WordPress itself says that there is no such comment, and not some other 404."""
    return answer.status == 404 and _code(answer) == GONE  # noqa: PLR2004  # HTTP


def trouble(answer: WordPressAnswer) -> str:
    """Why an answer is of no use, in a sentence without a word of the blog's but WordPress' own."""
    code = _code(answer)
    said = f"the blog answered {answer.status}{f' {code}' if code else ''}"
    if answer.location:
        return f"{said}: it moved; enter the address that it leads to"
    advice = ADVICE.get(answer.status)
    if advice is None and answer.status == 200:  # noqa: PLR2004  # HTTP
        advice = "but not what WordPress would say"
    return f"{said}: {advice}" if advice else said


def is_status(word: str) -> bool:
    """Whether it is a status of a comment; that of one whose post is in the bin is none."""
    return word in VERDICT_OF_STATUS


def _json(answer: WordPressAnswer) -> bytes:
    return answer.body.removeprefix(b"\xef\xbb\xbf").strip()


def _comment(body: bytes) -> WordPressComment | None:
    return _read(body, WordPressComment)


def _read(body: bytes, wanted: type[Shape]) -> Shape | None:
    try:
        return msgspec.json.decode(body, type=wanted, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _code(answer: WordPressAnswer) -> str:
    problem = _read(_json(answer), _Problem)
    code = "" if problem is None else problem.code
    return code if WORD.match(code) else ""
