"""django-contrib-comments: a comment as Django's own serializer writes it, one object.

The same row may come twice: a form that is sent again on the same day is saved over the first and
announced once more, with the new address. So every message is taken as a change.
"""

from urllib.parse import urljoin

from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.platforms.mapping import Field, Json, as_it_is, at, put, text_at, time_of

WORDS = {
    Verdict.APPROVE: "approve",
    Verdict.HOLD: "moderate",
    Verdict.SPAM: "delete",
    Verdict.DISCARD: "delete",
}
OWN = "ext.django"
REDIRECT = "comments/cr/{}/{}/"  # where its own addresses lead from, under the usual prefix


class DjangoContribComments:
    name = "django-contrib-comments"
    forwards = False
    FIELDS = (
        Field("model", f"{OWN}.model"),
        Field("pk", "comment.id", (int, str), is_required=True),
        Field("url", f"{OWN}.url"),  # of the page, where whoever serialized it adds that
        Field("fields.content_type", f"{OWN}.content_type", (int, list), is_required=True),
        Field("fields.object_pk", "post.id", is_required=True),
        Field("fields.site", f"{OWN}.site", (int, list)),
        Field("fields.user", "author.id", (int, str), nullable=True),
        Field("fields.user_name", "author.name"),
        Field("fields.user_email", "author.email"),
        Field("fields.user_url", "author.url"),
        Field("fields.comment", "comment.content.raw", is_required=True),
        Field("fields.submit_date", f"{OWN}.submit_date"),
        Field("fields.ip_address", "author.ip", nullable=True),
        Field("fields.is_public", f"{OWN}.is_public", (bool,)),
        Field("fields.is_removed", f"{OWN}.is_removed", (bool,)),
    )
    unpacked = staticmethod(as_it_is)

    def status_native(self, verdict: Verdict) -> str:
        """As its views and moderators are called."""
        return WORDS[verdict]

    def event(self, message: Json, data: Json, site: Site) -> Event:
        put(data, "comment.type", "comment")
        put(data, "comment.content.format", "text")
        put(data, "comment.status", _status(message))
        put(data, "author.is_authenticated", at(message, "fields.user") is not None)
        put(data, "post.url", urljoin(f"{site.url.rstrip('/')}/", _page(message)))
        published = time_of(at(message, "fields.submit_date"))
        if published:
            put(data, "comment.published", published)
        return Event.UPDATED


def _status(message: Json) -> str:
    if at(message, "fields.is_removed") is True:
        return "trash"
    return "approved" if at(message, "fields.is_public") is True else "hold"


def _page(message: Json) -> str:
    """A number of a content type makes an address; a natural key (app and model) makes none."""
    kind, object_pk = at(message, "fields.content_type"), text_at(message, "fields.object_pk")
    if isinstance(kind, list):
        kind = ".".join(str(each) for each in kind)
    return text_at(message, "url") or REDIRECT.format(kind, object_pk)
