"""Twikoo: the comment that it hands to its own second step, or a notice that it pushes to people.

The first is whole (`{"event": "POST_SUBMIT", "comment": ...}`). The second is a text in fixed
words, which is read back: name, e-mail, address, text and page.
"""

from urllib.parse import urljoin

from moderator.domain.errors import FieldError, InvalidError
from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.platforms.mapping import Field, Json, at, one_of, put, text_at, time_of

EVENT, NOTICE = "POST_SUBMIT", "is_notice"
WORDS = {
    Verdict.APPROVE: "approved",
    Verdict.HOLD: "waiting",
    Verdict.SPAM: "spam",
    Verdict.DISCARD: "spam",
}
OWN = "ext.twikoo"
ID = (str, int)
# A notice, in its order. A visitor may write the same words in a name or a text: what is between
# the first and the last of them is all read as text.
NAME, ADDRESS, TEXT, PAGE = "评论人：", "评论人IP：", "评论内容：", "原文链接：["


class Twikoo:
    name = "twikoo"
    forwards = False
    FIELDS = (
        Field("event", f"{OWN}.event", is_required=True),
        Field("comment.id", "comment.id", ID, is_required=True),
        Field("comment.comment", "comment.content.raw", is_required=True),
        Field("comment.url", f"{OWN}.url"),
        Field("comment.href", f"{OWN}.href"),
        Field("comment.nick", "author.name"),
        Field("comment.mail", "author.email"),
        Field("comment.mailMd5", f"{OWN}.mailMd5"),
        Field("comment.link", "author.url"),
        Field("comment.ip", "author.ip"),
        Field("comment.ua", "author.user_agent"),
        Field("comment.uid", "author.id", ID),
        Field("comment.master", f"{OWN}.master", (bool,)),
        Field("comment.pid", "comment.parent_id", ID),
        Field("comment.rid", f"{OWN}.rid", ID),
        Field("comment.isSpam", f"{OWN}.isSpam", (bool,)),
        Field("comment.avatar", f"{OWN}.avatar"),
        Field("comment.created", f"{OWN}.created", (int,)),
        Field("comment.updated", f"{OWN}.updated", (int,)),
    )

    def status_native(self, verdict: Verdict) -> str:
        return WORDS[verdict]

    def unpacked(self, message: Json) -> Json:
        content = message.get("content")
        if "comment" in message or not isinstance(content, str):
            return message
        return {"event": EVENT, "comment": _read(content), NOTICE: True}

    def event(self, message: Json, data: Json, site: Site) -> Event:
        one_of(message.get("event"), "/event", (EVENT,))
        put(data, "comment.type", "reply" if at(data, "comment.parent_id") else "comment")
        put(data, "comment.content.format", "text" if NOTICE in message else "html")
        put(data, "comment.status", "spam" if at(message, "comment.isSpam") is True else "approved")
        page = text_at(message, "comment.href") or text_at(message, "comment.url")
        put(data, "post.url", urljoin(site.url, page))
        if at(message, "comment.master") is True:
            put(data, "author.role", "administrator")
            put(data, "author.is_authenticated", value=True)
        created = at(message, "comment.created")
        published = time_of(created / 1000) if isinstance(created, int) else None
        if published:
            put(data, "comment.published", published)
        return Event.CREATED


def _read(notice: str) -> Json:
    """The comment that a notice tells of. Raises InvalidError."""
    author, found_address, rest = notice.removeprefix(NAME).partition(f"\n\n{ADDRESS}")
    address, found_text, rest = rest.partition(f"\n\n{TEXT}")
    text, found_page, link = rest.rpartition(f"\n\n{PAGE}")
    page, _, number = link.partition("]")[0].partition("#")
    if not (notice.startswith(NAME) and found_address and found_text and found_page and number):
        wrong = FieldError("/content", "Not the notice of a comment in Twikoo's own words")
        raise InvalidError("This is no message of twikoo", (wrong,))
    nick, found_mail, mail = author.rpartition(" ([")
    return {
        "id": number,
        "nick": nick if found_mail else author,
        "mail": mail.partition("](mailto:")[0] if found_mail else "",
        "ip": address,
        "comment": text,
        "href": page,
    }
