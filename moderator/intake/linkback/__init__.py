"""The linkback protocols: a file for each, its place in this list, and what they share.

A new protocol is
1. `intake/linkback/NAME.py`, named as its kind: KIND, BODY_LIMIT, HAS_STATUS_PAGES, `parse`,
   `accepted` and `refused` (claims.py: LinkbackProtocol);
2. its name in LINKBACK_PROTOCOLS. Endpoints, kinds, events and storage follow the list; the pages
   show its name, and nothing else names a protocol.
Tests then ask for what people read: a row of docs/linkbacks.md, the kinds of docs/api.md, and
LINKBACKS in integrations/wordpress (tests/intake/test_protocols.py).
"""

from moderator.intake.linkback import pingback, trackback, webmention
from moderator.intake.linkback.claims import LinkbackProtocol

LINKBACK_PROTOCOLS: tuple[LinkbackProtocol, ...] = (pingback, trackback, webmention)
