"""TrackBack: a form with url, title, blog_name and excerpt, sent to an address that names the post.

The sender's own words are kept, but only shown after the source was seen to link to the post. Words
that could not be decoded are not: then the source tells title and excerpt.
"""

from html import escape

from moderator.domain.errors import ModeratorError
from moderator.domain.events.arrival import Arrival, Receipt
from moderator.domain.submission import Format, Kind
from moderator.domain.text.markup import plain
from moderator.intake import fields
from moderator.intake.linkback.claims import (
    MAX_EXCERPT_CHARACTERS,
    MAX_LINE_CHARACTERS,
    LinkbackClaim,
    LinkbackRequest,
    ProtocolAnswer,
    arrival,
)
from moderator.intake.linkback.forms import parse_form

KIND = Kind("trackback", keeps_words=True)
HAS_STATUS_PAGES = False
BODY_LIMIT = 64 * 1024
WORDS = ("title", "blog_name", "excerpt")
XML = "text/xml; charset=utf-8"


def parse(body: bytes, call: LinkbackRequest) -> Arrival:
    """Raises ClaimError, MalformedError."""
    form = parse_form(body, call.content_type)
    said = {name: form.get(name, "") for name in WORDS}
    if any("\ufffd" in text for text in said.values()):
        said = dict.fromkeys(WORDS, "")
    claimed = LinkbackClaim(
        source=form.get("url", ""),
        target=(call.query or {}).get("target", ""),
        title=_plain(said["title"], MAX_LINE_CHARACTERS),
        blog_name=_plain(said["blog_name"], MAX_LINE_CHARACTERS),
        excerpt=_plain(said["excerpt"], MAX_EXCERPT_CHARACTERS),
    )
    return arrival(KIND, claimed, call)


def accepted(receipt: Receipt) -> ProtocolAnswer:
    if not receipt.is_new:
        return _answer(1, "This trackback is registered already")
    return _answer(0, "")


def refused(error: ModeratorError) -> ProtocolAnswer:
    return _answer(1, str(error))


def _plain(text: str, limit: int) -> str:
    """Senders write HTML or text, and nothing says which: what a reader would read is kept."""
    return fields.one_line(plain(text[: 4 * limit], Format.HTML), limit)


def _answer(code: int, message: str) -> ProtocolAnswer:
    told = f"<message>{escape(message)}</message>" if message else ""
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f"<response><error>{code}</error>{told}</response>\n"
    )
    return ProtocolAnswer(200, XML, body.encode())
