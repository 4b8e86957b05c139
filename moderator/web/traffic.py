"""Which threads serve what, so that nothing stands still for what it does not need.

Whether the process is alive is told by a thread that does nothing else. Single comments are taken
up in groups that share a commit. Whatever waits for the database waits there for itself alone.
"""

from secrets import token_hex

from moderator.web import check
from moderator.web.akismet.answers import AWAY, trouble
from moderator.web.akismet.endpoints import CHECK, PROMISED
from moderator.web.public_address import take_off
from moderator.web.server.gateway import Promise, Traffic
from moderator.web.server.head import Environ
from moderator.web.server.lanes import Plan
from moderator.web.webhook import LARGE_PATHS, PATH, is_refused_unread

SMALL = 16 * 1024  # bytes of a single comment; a larger one would keep its group waiting
# With what the database may take, an intake answers within two seconds.
PATIENCE_SECONDS = 0.8

ALIVE = Plan("alive", threads=1)
READY = Plan("ready", threads=1, together=64)
SINGLE = Plan("single", threads=2, together=32, patience=PATIENCE_SECONDS)
# Few, because long texts keep a processor busy: more threads would take it from everybody else.
INTAKE = Plan("intake", threads=3, patience=PATIENCE_SECONDS)


def traffic(threads: int, prefix: str = "") -> Traffic:
    """Return the lanes of the service; `threads` are for pages and for what sites ask. All lies
    below `prefix`, which a proxy may have taken off.
    """
    pages = Plan("pages", threads)

    def choose(environ: Environ, size: int) -> Plan:
        take_off(environ, prefix)
        path = str(environ["PATH_INFO"])
        if size <= SMALL and (path in SINGLES or _is_told_by_a_platform(path)):
            return SINGLE
        if path in PROBES:
            return PROBES[path]
        is_sent = environ["REQUEST_METHOD"] == "POST" and path.startswith(SENT)
        return INTAKE if is_sent else pages

    def refused(environ: Environ) -> bool:
        take_off(environ, prefix)
        return is_refused_unread(environ)

    def promised(environ: Environ) -> Promise | None:
        take_off(environ, prefix)
        return promise(environ)

    return Traffic((ALIVE, READY, SINGLE, INTAKE, pages), choose, refused, promised)


def _is_told_by_a_platform(path: str) -> bool:
    return path.startswith(LARGE_PATHS) and not path.rstrip("/").endswith(BESIDE)


def promise(environ: Environ) -> Promise | None:
    """Who asks whether a comment is spam is answered in time, with or without a verdict."""
    if environ["PATH_INFO"] != CHECK or environ["REQUEST_METHOD"] != "POST":
        return None
    return Promise(PROMISED, lambda: trouble(AWAY, token_hex(16)))


SINGLES = frozenset({PATH, CHECK, check.PATH})
BESIDE = ("/classify", "/stats", "/plugins")  # what blogspam.net's clients send of other things
SENT = ("/v1/", "/doors/", "/1.1/", "/1.2/", *LARGE_PATHS)
PROBES = {"/healthz": ALIVE, "/readyz": READY, "/metrics": READY}
