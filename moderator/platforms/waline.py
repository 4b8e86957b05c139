"""Waline's WEBHOOK: a comment that was just stored, as JSON without a signature.

Waline waits for the answer, takes it for JSON, and shows the visitor an error where it is none.
"""

from urllib.parse import urljoin

from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.platforms.mapping import (
    Field,
    Json,
    as_it_is,
    at,
    one_of,
    put,
    text_at,
    time_of,
)

STATUSES = {"approved": "approved", "waiting": "hold", "spam": "spam"}
WORDS = {
    Verdict.APPROVE: "approved",
    Verdict.HOLD: "waiting",
    Verdict.SPAM: "spam",
    Verdict.DISCARD: "spam",
}
OWN = "ext.waline"
ID = (str, int)  # by the database under it


class Waline:
    name = "waline"
    forwards = False
    FIELDS = (
        Field("type", f"{OWN}.type", is_required=True),
        Field("data.comment.objectId", "comment.id", ID, is_required=True),
        Field("data.comment.rawComment", "comment.content.raw"),
        Field("data.comment.comment", "comment.content.rendered", is_required=True),
        Field("data.comment.url", f"{OWN}.url", is_required=True),
        Field("data.comment.nick", "author.name"),
        Field("data.comment.mail", "author.email"),
        Field("data.comment.link", "author.url"),
        Field("data.comment.ip", "author.ip"),
        Field("data.comment.ua", "author.user_agent"),
        Field("data.comment.user_id", "author.id", ID),
        Field("data.comment.status", "comment.status", words=STATUSES),
        Field("data.comment.pid", "comment.parent_id", ID),
        Field("data.comment.rid", f"{OWN}.rid", ID),
        Field("data.comment.insertedAt", f"{OWN}.insertedAt", ID),
        Field("data.comment.createdAt", f"{OWN}.createdAt", ID),
        Field("data.comment.updatedAt", f"{OWN}.updatedAt", ID),
        Field("data.reply.objectId", f"{OWN}.reply", ID),
    )
    unpacked = staticmethod(as_it_is)

    def status_native(self, verdict: Verdict) -> str:
        return WORDS[verdict]

    def event(self, message: Json, data: Json, site: Site) -> Event:
        one_of(message.get("type"), "/type", ("new_comment",))
        put(data, "comment.type", "reply" if at(data, "comment.parent_id") else "comment")
        put(data, "comment.content.format", "markdown")
        put(data, "post.url", urljoin(site.url, text_at(message, "data.comment.url")))
        put(data, "author.is_authenticated", bool(at(data, "author.id")))
        published = time_of(at(message, "data.comment.insertedAt"))
        if published:
            put(data, "comment.published", published)
        return Event.CREATED
