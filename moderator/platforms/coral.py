"""Coral's external moderation phase: a comment that is about to be posted, and what to do with it.

It signs the body (X-Coral-Signature: sha256=...), waits 200 ms unless told otherwise, and then
posts without us. The comment has no id yet, so nothing later can be told about it.
"""

from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.platforms.mapping import Field, Json, as_it_is, at, id_of, one_of, part

EVENTS = {"NEW": Event.CREATED, "EDIT": Event.UPDATED}
ROLES = {
    "COMMENTER": "commenter",
    "MEMBER": "member",
    "STAFF": "author",
    "MODERATOR": "moderator",
    "ADMIN": "administrator",
}
WORDS = {
    Verdict.APPROVE: "APPROVED",
    Verdict.HOLD: "SYSTEM_WITHHELD",
    Verdict.SPAM: "REJECTED",
    Verdict.DISCARD: "REJECTED",
}
FLAG = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}


class Coral:
    name = "coral"
    forwards = False
    wait_ms = 150  # of the 200 that it waits
    FIELDS = (
        Field("action", "ext.coral.action", is_required=True),
        Field("comment.body", "comment.content.raw", is_required=True),
        Field("comment.parentID", "comment.parent_id", nullable=True),
        Field("author.id", "author.id", is_required=True),
        Field("author.role", "author.role", words=ROLES),
        Field("story.id", "post.id"),
        Field("story.url", "post.url", is_required=True),
        Field("site.id", "ext.coral.site"),
        Field("tenantID", "ext.coral.tenantID"),
        Field("tenantDomain", "ext.coral.tenantDomain"),
        Field("tenant.id", "ext.coral.tenant_id"),  # before version 6.1
        Field("tenant.domain", "ext.coral.tenant_domain"),
    )
    unpacked = staticmethod(as_it_is)

    def status_native(self, verdict: Verdict) -> str:
        return WORDS[verdict]

    def event(self, message: Json, data: Json, site: Site) -> Event:
        kind = EVENTS[one_of(message.get("action"), "/action", tuple(EVENTS))]
        said = {name: value for name, value in message.items() if name != "action"}
        comment = part(data, "comment")
        comment["id"] = id_of(self.name, said)
        comment["type"] = "reply" if comment.get("parent_id") else "comment"
        part(data, "author")["is_authenticated"] = True
        return kind

    def is_empty(self, message: Json) -> bool:
        """A comment may be a picture alone."""
        body = at(message, "comment.body")
        return isinstance(body, str) and not body.strip()

    def answer(self, verdict: Verdict | None) -> Json:
        """What is not decided in time is withheld.

        Only spam is flagged as such: a copy is none, and of what is held a person will say.
        """
        told: Json = {"status": WORDS[verdict or Verdict.HOLD]}
        return told | {"actions": [FLAG]} if verdict is Verdict.SPAM else told
