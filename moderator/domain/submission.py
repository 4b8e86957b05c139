"""What a site asks us to judge: a comment or linkback, in one shape whatever the protocol."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self


class Kind(str):
    """A comment, a reply, or a linkback by the name of its protocol; equal by name.

    Which protocols there are is said in moderator/intake/__init__.py, and what is particular to one
    in its file there: `counts_embeds`, whether a page that only shows the target (an image, an
    element without words) links to it; `keeps_words`, whether what the sender says of the source
    goes before what the source says.
    """

    __slots__ = ("counts_embeds", "keeps_words")
    COMMENT: ClassVar["Kind"]
    REPLY: ClassVar["Kind"]
    counts_embeds: bool
    keeps_words: bool

    def __new__(cls, name: str, *, counts_embeds: bool = False, keeps_words: bool = False) -> Self:
        self = super().__new__(cls, name)
        self.counts_embeds = counts_embeds
        self.keeps_words = keeps_words
        return self

    @property
    def is_linkback(self) -> bool:
        """Of what was erased the name is ''; that is none."""
        return self not in {"", Kind.COMMENT, Kind.REPLY}


Kind.COMMENT = Kind("comment")
Kind.REPLY = Kind("reply")
STAFF = frozenset({"administrator", "editor", "author", "moderator", "super_admin"})


class Format(StrEnum):
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it, as the site tells us; every field may be empty.

    `email_key` and `ip_key` are keyed hashes: they stand where an address was taken away in time.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    url: str = ""
    ip: str = ""
    user_agent: str = ""
    role: str = ""
    provider: str = ""
    is_authenticated: bool = False
    trusted: bool = False
    email_key: str = ""
    ip_key: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the blog says that one of its own people is signed in."""
        return self.is_authenticated and self.role.strip().lower() in STAFF


@dataclass(frozen=True, slots=True)
class Post:
    """The page that is commented on."""

    id: str = ""
    url: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    comments_open: bool | None = None


@dataclass(frozen=True, slots=True)
class Linkback:
    """A claim: `source` links to `target`. `source_html` is the page, if the platform has it."""

    protocol: str
    source: str
    target: str
    source_title: str = ""
    excerpt: str = ""
    source_html: str | None = None
    relation: str = ""  # mention, reply, like, repost, bookmark; known once the link was found


@dataclass(frozen=True, slots=True)
class Request:
    """The visitor's request at the blog, as far as it tells man from machine."""

    referrer: str = ""
    honeypot_name: str = ""
    honeypot_value: str = ""
    accept_language: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken away (timing/retention.py), and after how many days; 0: it is there."""

    addresses: int = 0
    words: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """One comment or linkback of one site.

    `id` is ours, `platform_id` the blog's. `created_at` is the blog's time, `received_at` ours
    (both UTC). `text` is plain text (markup removed); `content` is what the visitor sent.
    `status` is the wire status the blog gave it: approved, hold, spam or trash.
    """

    id: str
    site_id: str
    platform_id: str
    kind: Kind
    content: str
    format: Format
    text: str
    created_at: datetime
    received_at: datetime
    author: Author = field(default_factory=Author)
    post: Post = field(default_factory=Post)
    linkback: Linkback | None = None
    request: Request = field(default_factory=Request)
    parent_id: str = ""
    status: str = "hold"
    status_native: str = ""
    link: str = ""
    version: str = ""
    lang: str = ""
    ref: str = ""
    answer_url: str = ""  # where an Akismet client asked to be told of later decisions
    by_door: bool = False  # a linkback that came to us directly: the blog has no comment of it yet
    ext: dict[str, object] = field(default_factory=dict)
    removed: Removed = Removed()  # frozen
