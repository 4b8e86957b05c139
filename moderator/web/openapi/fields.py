"""Parameters, headers and fields of forms, by their names."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Field:
    """A value by its name: in the query unless it is used elsewhere; `limits` are JSON Schema's."""

    name: str
    says: str = ""
    is_required: bool = False
    kind: str = "string"
    limits: Mapping[str, object] = field(default_factory=dict)
    place: str = "query"

    @property
    def schema(self) -> dict[str, object]:
        return {"type": self.kind, **self.limits}


IDEMPOTENCY = Field(
    "Idempotency-Key",
    "What marks a repeat: the same key with the same data is answered with the first id",
    limits={"minLength": 1, "maxLength": 255, "pattern": "^[ -~]*$"},
    place="header",
)
PATH_FIELDS = {
    "key": Field("key", "The site's Akismet key", limits={"minLength": 1}),
    "name": Field("name", "The platform", limits={"minLength": 1}),
    "site_id": Field("site_id", "The site's id", limits={"minLength": 1}),
    "submission_id": Field("submission_id", "Our id", limits={"pattern": "^[0-9a-f]{32}$"}),
}
AKISMET_KEY = (
    Field("api_key", "The key; it may also be `key`, or the first label of the host"),
    Field("blog", "The blog's address"),
)
AKISMET_COMMENT = tuple(
    Field(name, says)
    for name, says in (
        ("user_ip", "The visitor's address"),
        ("user_agent", "The visitor's browser"),
        ("referrer", ""),
        ("permalink", "The page that is commented on"),
        ("comment_type", "`comment`, `reply`, or a linkback's protocol: `pingback`, ..."),
        ("comment_author", ""),
        ("comment_author_email", ""),
        ("comment_author_url", ""),
        ("comment_content", ""),
        ("comment_date_gmt", ""),
        ("comment_post_modified_gmt", ""),
        ("comment_parent", ""),
        ("blog_lang", ""),
        ("blog_charset", ""),
        ("user_role", "`administrator` is never spam"),
        ("is_test", "Nothing is stored"),
        ("honeypot_field_name", "The name of a field that no person sees"),
        ("callback", "Where a hold is answered later, on the blog's own host"),
    )
)
AKISMET_GUID = (
    Field("X-akismet-guid", "Ours, of this answer"),
    Field("X-akismet-recheck-after", "Seconds: it is a hold, and this one asks again"),
    Field("X-akismet-pro-tip", "`discard`: it need not be kept"),
    Field("X-akismet-error", "There was no verdict"),
    Field("X-akismet-debug-help", "Why there was none"),
    Field("X-Moderator-Verdict", "`approved`, `hold`, `spam` or `trash`"),
    Field("X-Moderator-Score"),
    Field("X-Moderator-Reasons"),
)
LINKBACK = {
    "trackback": (
        Field("url", "The page that links", is_required=True),
        Field("title"),
        Field("blog_name"),
        Field("excerpt"),
        Field("charset"),
    ),
    "webmention": (
        Field("source", "The page that links", is_required=True),
        Field("target", "The page that is linked to", is_required=True),
    ),
}
