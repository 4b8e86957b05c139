"""Pingback 1.0: an XML-RPC call `pingback.ping(source, target)`; bytes in, Arrival out.

Answered at once is only what the call itself says: malformed, another method, a target that is not
ours, source = target, registered before. All else is queued, whatever the source may be.
"""

from html import escape
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from moderator.domain.errors import ModeratorError, RequestError
from moderator.domain.events.arrival import Arrival, Receipt
from moderator.domain.submission import Kind
from moderator.intake.linkback.claims import (
    ClaimError,
    ClaimFault,
    LinkbackClaim,
    LinkbackRequest,
    ProtocolAnswer,
    arrival,
)

KIND = Kind("pingback")
HAS_STATUS_PAGES = False
BODY_LIMIT = 64 * 1024
METHOD = "pingback.ping"
XML = "text/xml; charset=utf-8"

NOT_WELL_FORMED, INVALID_CALL, UNKNOWN_METHOD, INVALID_PARAMETERS = -32700, -32600, -32601, -32602
GENERIC, NO_SOURCE, NO_TARGET, KNOWN = 0, 16, 33, 48
FAULTS = {
    ClaimFault.MALFORMED: INVALID_PARAMETERS,
    ClaimFault.SOURCE: NO_SOURCE,
    ClaimFault.TARGET: NO_TARGET,
    ClaimFault.SAME: GENERIC,
}


class CallError(RequestError):
    """Not a call that we know, by the codes of XML-RPC."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def parse(body: bytes, call: LinkbackRequest) -> Arrival:
    """Raises CallError, ClaimError."""
    source, target = _arguments(_root(body))
    return arrival(KIND, LinkbackClaim(source, target), call)


def accepted(receipt: Receipt) -> ProtocolAnswer:
    if not receipt.is_new:
        return _fault(KNOWN, "This pingback is registered already")
    text = "Thank you. The pingback is queued and will be verified"
    return _answer(f"<params><param><value><string>{text}</string></value></param></params>")


def refused(error: ModeratorError) -> ProtocolAnswer:
    match error:
        case CallError():
            return _fault(error.code, str(error))
        case ClaimError():
            return _fault(FAULTS[error.wrong], str(error))
        case _:
            return _fault(GENERIC, str(error))


def _root(body: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise CallError(NOT_WELL_FORMED, "The body is not well-formed XML") from error
    return root


def _arguments(root: Element) -> tuple[str, str]:
    method = root.find("methodName")
    if root.tag != "methodCall" or method is None:
        raise CallError(INVALID_CALL, "The body is not an XML-RPC call")
    if (method.text or "").strip() != METHOD:
        raise CallError(UNKNOWN_METHOD, f"The only method here is {METHOD}")
    values = [_text(value) for value in root.findall("params/param/value")]
    if len(values) != 2 or not all(values):  # noqa: PLR2004  # source and target
        raise CallError(INVALID_PARAMETERS, f"{METHOD} takes two strings: source and target")
    return values[0], values[1]


def _text(value: Element) -> str:
    """The string in a value; '' when it is of another type."""
    if len(value) == 0:
        return (value.text or "").strip()
    typed = value[0]
    is_string = len(value) == 1 and typed.tag == "string" and len(typed) == 0
    return (typed.text or "").strip() if is_string else ""


def _fault(code: int, text: str) -> ProtocolAnswer:
    members = (
        f"<member><name>faultCode</name><value><int>{code}</int></value></member>"
        "<member><name>faultString</name>"
        f"<value><string>{escape(text)}</string></value></member>"
    )
    return _answer(f"<fault><value><struct>{members}</struct></value></fault>")


def _answer(content: str) -> ProtocolAnswer:
    body = f'<?xml version="1.0"?>\n<methodResponse>{content}</methodResponse>\n'
    return ProtocolAnswer(200, XML, body.encode())
