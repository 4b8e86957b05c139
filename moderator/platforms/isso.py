"""Isso: a comment as it stands in its database, with the thread that it belongs to.

Isso 0.14 has no web hook; its extensions hear of a comment with these fields (`comments.new`), and
a few lines there hand them on. Its API shows a part of them.
"""

from urllib.parse import urljoin

from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.platforms.mapping import Field, Json, as_it_is, at, one_of, put, text_at, time_of

MODES = {1: "approved", 2: "hold", 4: "trash"}
WORDS = {Verdict.APPROVE: "1", Verdict.HOLD: "2", Verdict.SPAM: "4", Verdict.DISCARD: "4"}
EVENTS = {
    "comments.new": Event.UPDATED,  # the one that was told already may come again
    "comments.edit": Event.UPDATED,
    "comments.activate": Event.STATUS_CHANGED,
    "comments.delete": Event.DELETED,
}
OWN = "ext.isso"


class Isso:
    name = "isso"
    forwards = False
    FIELDS = (
        Field("event", f"{OWN}.event", is_required=True),
        Field("thread.id", "post.id", (int,)),
        Field("thread.uri", f"{OWN}.uri"),
        Field("thread.title", "post.title"),
        Field("comment.id", "comment.id", (int,), is_required=True),
        Field("comment.parent", "comment.parent_id", (int,), nullable=True),
        Field("comment.text", "comment.content.raw"),
        Field("comment.author", "author.name", nullable=True),
        Field("comment.email", "author.email", nullable=True),
        Field("comment.website", "author.url", nullable=True),
        Field("comment.remote_addr", "author.ip"),
        Field("comment.mode", f"{OWN}.mode", (int,)),
        Field("comment.created", f"{OWN}.created", (float, int)),
        Field("comment.modified", f"{OWN}.modified", (float, int), nullable=True),
        Field("comment.tid", f"{OWN}.tid", (int,)),
        Field("comment.likes", f"{OWN}.likes", (int,)),
        Field("comment.dislikes", f"{OWN}.dislikes", (int,)),
        Field("comment.notification", f"{OWN}.notification", (int,)),
        Field("comment.hash", f"{OWN}.hash"),
    )
    unpacked = staticmethod(as_it_is)

    def status_native(self, verdict: Verdict) -> str:
        """Its modes: public, waiting, deleted."""
        return WORDS[verdict]

    def event(self, message: Json, data: Json, site: Site) -> Event:
        kind = EVENTS[one_of(message.get("event"), "/event", tuple(EVENTS))]
        put(data, "post.url", urljoin(site.url, text_at(message, "thread.uri")))
        parent = at(message, "comment.parent")
        put(data, "comment.type", "comment" if parent is None else "reply")
        if "content" in data["comment"]:  # type: ignore[operator]  # an object: its id is required
            put(data, "comment.content.format", "markdown")
        mode = "approved" if kind is Event.STATUS_CHANGED else MODES.get(_mode(message), "hold")
        put(data, "comment.status", mode)
        published = time_of(at(message, "comment.created"))
        if published:
            put(data, "comment.published", published)
        return kind


def _mode(message: Json) -> int:
    mode = at(message, "comment.mode")
    return mode if isinstance(mode, int) else 0
