"""One question about one submission per file. Registered here, cheapest first."""

from moderator.checks.akismet import Akismet
from moderator.checks.author_history import AuthorPast
from moderator.checks.densities import LooksLikeAdvertising
from moderator.checks.disposable_email import DisposableEmail
from moderator.checks.duplicate import Duplicate
from moderator.checks.honeypot import Honeypot
from moderator.checks.lists import Lists
from moderator.domain.check import LocalCheck, RemoteCheck

LOCAL: tuple[LocalCheck, ...] = (
    Honeypot(),
    DisposableEmail(),
    AuthorPast(),
    Duplicate(),
    Lists(),
    LooksLikeAdvertising(),
)
REMOTE: tuple[RemoteCheck, ...] = (Akismet(),)
