"""Requests at the linkback doors, as real senders write them."""

from urllib.parse import urlencode

from moderator.intake.linkback.claims import LinkbackRequest
from tests.builders import NOON, POST, a_site

SOURCE = "https://reader.example.net/weekend"
FORM = "application/x-www-form-urlencoded"


def a_call(**changes: object) -> LinkbackRequest:
    given: dict[str, object] = {
        "site": a_site(),
        "received_at": NOON,
        "new_id": lambda: "0001",
        "content_type": FORM,
        "query": {"target": POST.url},
        "ip": "192.0.2.7",
    }
    return LinkbackRequest(**(given | changes))  # type: ignore[arg-type]  # named by the test


def ping(source: str = SOURCE, target: str = POST.url, method: str = "pingback.ping") -> bytes:
    params = "".join(
        f"<param><value><string>{address}</string></value></param>" for address in (source, target)
    )
    return (
        f'<?xml version="1.0"?><methodCall><methodName>{method}</methodName>'
        f"<params>{params}</params></methodCall>"
    ).encode()


def form(**values: str) -> bytes:
    return urlencode(values).encode()
