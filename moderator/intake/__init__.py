"""One file per protocol: bytes in, Submission out. The linkback protocols are listed here."""

from moderator.intake.linkback import pingback, trackback, webmention
from moderator.intake.linkback.claims import LinkbackProtocol

LINKBACK_PROTOCOLS: tuple[LinkbackProtocol, ...] = (pingback, trackback, webmention)
