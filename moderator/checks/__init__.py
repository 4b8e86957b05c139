"""One question about one submission per file. Registered here, cheapest first."""

from moderator.domain.check import LocalCheck, RemoteCheck

LOCAL: tuple[LocalCheck, ...] = ()

REMOTE: tuple[RemoteCheck, ...] = ()
