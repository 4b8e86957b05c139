"""A protocol that nobody speaks: what a new one has to say, in the one file that it takes."""

import json

from moderator.domain.errors import MalformedError, ModeratorError
from moderator.domain.events.arrival import Arrival, Receipt
from moderator.domain.submission import Kind
from moderator.intake.linkback.claims import LinkbackClaim, LinkbackRequest, ProtocolAnswer, arrival

KIND = Kind("talkback", keeps_words=True)
BODY_LIMIT = 1024
HAS_STATUS_PAGES = True
JSON = "application/json"


def parse(body: bytes, call: LinkbackRequest) -> Arrival:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise MalformedError("Send JSON") from error
    claimed = LinkbackClaim(said["from"], said["about"], title=said["title"], excerpt=said["words"])
    return arrival(KIND, claimed, call)


def accepted(receipt: Receipt) -> ProtocolAnswer:
    return ProtocolAnswer(202, JSON, json.dumps({"new": receipt.is_new}).encode())


def refused(error: ModeratorError) -> ProtocolAnswer:
    return ProtocolAnswer(422, JSON, json.dumps({"error": str(error)}).encode())
