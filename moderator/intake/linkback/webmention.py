"""Webmention (W3C): a form with source and target; a status page; a repeat asks for a new look.

The new look is how a sender tells of an edited page, and of one that is gone.
"""

from moderator.domain.errors import ModeratorError
from moderator.domain.events.arrival import Arrival, Receipt
from moderator.domain.submission import Kind
from moderator.intake.linkback.claims import LinkbackClaim, LinkbackRequest, ProtocolAnswer, arrival
from moderator.intake.linkback.forms import parse_form

KIND = Kind("webmention", counts_embeds=True)
HAS_STATUS_PAGES = True
BODY_LIMIT = 64 * 1024
TEXT = "text/plain; charset=utf-8"


def parse(body: bytes, call: LinkbackRequest) -> Arrival:
    """Raises ClaimError, MalformedError."""
    form = parse_form(body, call.content_type)
    claimed = LinkbackClaim(form.get("source", ""), form.get("target", ""))
    return arrival(KIND, claimed, call, rechecks=True)


def accepted(receipt: Receipt) -> ProtocolAnswer:  # noqa: ARG001  # a repeat is answered alike
    text = b"Thank you. The webmention is queued and will be verified.\n"
    return ProtocolAnswer(201, TEXT, text)


def refused(error: ModeratorError) -> ProtocolAnswer:
    return ProtocolAnswer(400, TEXT, f"{error}\n".encode())
