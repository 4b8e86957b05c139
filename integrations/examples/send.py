"""Sends one comment with Python's own library, then asks how it stands.

MODERATOR, SITE and KEY name where, whose, and by what right.
"""

import json
import os
from datetime import UTC, datetime
from urllib.request import Request, urlopen

BASE, SITE, KEY = (os.environ[name] for name in ("MODERATOR", "SITE", "KEY"))


def call(path: str, body: object = None) -> dict[str, object]:
    """Raises HTTPError for a refusal: its body says why."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(BASE + path, data, headers)  # noqa: S310  # the operator's own address
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        found: dict[str, object] = json.load(answer)
        return found


event = {
    "type": "comment.created",
    "timestamp": datetime.now(UTC).isoformat(),
    "data": {
        "site": {"id": SITE},
        "comment": {
            "id": "python-1",
            "type": "comment",
            "content": {"raw": "Well said!", "format": "text"},
        },
        "author": {"name": "Alice", "email": "alice@example.org", "ip": "192.0.2.10"},
        "post": {"url": "https://blog.example.org/2026/03/the-river"},
    },
}
receipt = call("/v1/submissions", event)
print(json.dumps(call(f"/v1/submissions/{receipt['id']}")))
