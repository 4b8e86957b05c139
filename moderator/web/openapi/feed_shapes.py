"""The shapes of what anybody may read of a site's linkbacks: those of webmention.io."""

from typing import Literal

import msgspec


class MentionAuthor(msgspec.Struct):
    """A stranger's words: escape them."""

    type: Literal["card"]
    name: str
    photo: str
    url: str


class MentionContent(msgspec.Struct):
    """A stranger's words, as plain text."""

    text: str


class MentionEntry(msgspec.Struct):
    """An approved linkback; `wm-property` names the property that holds the target."""

    type: Literal["entry"]
    author: MentionAuthor
    url: str
    published: str | None
    received: str = msgspec.field(name="wm-received")
    id: int = msgspec.field(name="wm-id")
    source: str = msgspec.field(name="wm-source")
    target: str = msgspec.field(name="wm-target")
    protocol: str = msgspec.field(name="wm-protocol")
    property: Literal["mention-of", "in-reply-to", "like-of", "repost-of", "bookmark-of"] = (
        msgspec.field(name="wm-property")
    )
    is_private: Literal[False] = msgspec.field(name="wm-private")
    name: str | msgspec.UnsetType = msgspec.UNSET
    content: MentionContent | msgspec.UnsetType = msgspec.UNSET


class MentionFeed(msgspec.Struct):
    """JF2, in the shape of webmention.io."""

    type: Literal["feed"]
    name: str
    children: list[MentionEntry]


class MentionActivity(msgspec.Struct):
    """What was done, and a sentence that says so; in HTML every word of a stranger is escaped."""

    type: Literal["link", "reply", "like", "repost", "bookmark"]
    sentence: str
    sentence_html: str


class MentionData(msgspec.Struct):
    """What the source says."""

    author: dict[str, str | None]
    url: str
    name: str
    content: str | None
    published: str | None
    published_ts: int | None


class MentionLink(msgspec.Struct):
    """An approved linkback, in the older shape."""

    source: str
    verified: Literal[True]
    verified_date: str
    id: int
    private: Literal[False]
    data: MentionData
    activity: MentionActivity
    target: str


class MentionLinks(msgspec.Struct):
    """The older shape of webmention.io."""

    links: list[MentionLink]


class MentionCount(msgspec.Struct):
    """How many, and how many of each kind."""

    count: int
    type: dict[str, int]
