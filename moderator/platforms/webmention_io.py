"""webmention.io's web hook: a webmention that it received and verified, or that is gone again.

The secret in its body is the site's own, and since 2026 signs it as well (X-Webmention-Signature:
sha256=...). A mention has a number there (`wm-id`), but what is told
of one that is gone names only source and target, so those are its id here. It says the same
mention once more when its source changed: every message is taken as a change.
"""

from html import escape

from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.platforms.mapping import (
    Field,
    Json,
    as_it_is,
    at,
    id_of,
    part,
    put,
    text_at,
    time_of,
)

RELATIONS = {
    "in-reply-to": "reply",
    "like-of": "like",
    "repost-of": "repost",
    "bookmark-of": "bookmark",
    "mention-of": "mention",
}
OWN = "ext.webmention_io"


class WebmentionIo:
    name = "webmention.io"
    forwards = True
    FIELDS = (
        Field("source", "linkback.source", is_required=True),
        Field("target", "linkback.target", is_required=True),
        Field("private", f"{OWN}.private", (bool,)),
        Field("deleted", f"{OWN}.deleted", (bool,)),
        Field("post.type", f"{OWN}.type"),
        Field("post.name", "linkback.source_title"),
        Field("post.author.type", f"{OWN}.author_type"),
        Field("post.author.name", "author.name"),
        Field("post.author.url", "author.url"),
        Field("post.author.photo", f"{OWN}.photo"),
        Field("post.url", "comment.link"),
        Field("post.published", f"{OWN}.published"),
        Field("post.content.html", "comment.content.raw"),
        Field("post.content.text", "linkback.excerpt"),
        Field("post.content.value", f"{OWN}.content_value"),  # of sites from before 2018
        Field("post.content.content-type", f"{OWN}.content_type"),
        Field("post.summary.value", f"{OWN}.summary"),
        Field("post.summary.content-type", f"{OWN}.summary_type"),
        Field("post.in-reply-to", f"{OWN}.in-reply-to"),
        Field("post.like-of", f"{OWN}.like-of"),
        Field("post.repost-of", f"{OWN}.repost-of"),
        Field("post.bookmark-of", f"{OWN}.bookmark-of"),
        Field("post.mention-of", f"{OWN}.mention-of"),
        Field("post.rsvp", f"{OWN}.rsvp"),
        Field("post.swarm-coins", f"{OWN}.swarm-coins", (int,)),
        Field("post.wm-id", f"{OWN}.wm-id", (int, str)),
        Field("post.wm-received", f"{OWN}.wm-received"),
        Field("post.wm-source", f"{OWN}.wm-source"),
        Field("post.wm-target", f"{OWN}.wm-target"),
        Field("post.wm-protocol", f"{OWN}.wm-protocol"),
        Field("post.rels.canonical", f"{OWN}.canonical"),
        Field("post.syndication", f"{OWN}.syndication", (list,)),
        Field("post.wm-property", "linkback.type", words=RELATIONS),
        Field("post.wm-private", f"{OWN}.wm-private", (bool,)),
    )
    unpacked = staticmethod(as_it_is)

    def status_native(self, verdict: Verdict) -> str:
        """It knows no statuses: what is told goes to who shows the mentions."""
        return verdict.status

    def event(self, message: Json, data: Json, site: Site) -> Event:
        source, target = text_at(message, "source"), text_at(message, "target")
        put(data, "comment.id", id_of(self.name, source, target))
        put(data, "comment.type", "webmention")
        put(data, "linkback.protocol", "webmention")
        put(data, "post.url", target)
        if message.get("deleted") is True:
            return Event.DELETED
        content = part(part(data, "comment"), "content")
        content["format"] = "html" if "raw" in content else "text"
        if "raw" not in content and not text_at(data, "linkback.excerpt"):
            content["rendered"] = escape(text_at(message, "post.summary.value"))
        published = time_of(at(message, "post.published"))
        if published:
            put(data, "comment.published", published)
        return Event.UPDATED
