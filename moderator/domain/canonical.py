"""Which addresses are one page, and which tolerance of ours it took to say so.

Equal by the standards (no tolerance): case of scheme and host, default port, root dot, dot
segments, needless percent-encoding, fragment. Our tolerances, each named in the answer: tracking
parameters, the slash at the end, and among the blog's own hosts scheme and host.
"""

import re
from enum import StrEnum

from moderator.domain.urls import Url, read

ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
TRACKING = re.compile(
    r"(?:utm_[a-z_]+|mtm_[a-z_]+|pk_[a-z_]+|hsa_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid"
    r"|msclkid|twclid|ttclid|yclid|ysclid|li_fat_id|igsh|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi"
    r"|_openstat|mkt_tok|oly_anon_id|oly_enc_id|rb_clickid|s_cid|vero_conv|vero_id|wickedid"
    r"|ref_src|__s)",
    re.IGNORECASE,
)


class Tolerance(StrEnum):
    """What we look past although the standards do not."""

    TRACKING = "tracking_parameters"
    SLASH = "trailing_slash"
    SCHEME = "scheme"
    HOST = "own_host"


def canonical(url: str) -> str:
    """One spelling per page for http(s) addresses; '' for anything else."""
    parsed = read(url)
    return "" if parsed is None else key(parsed)


def key(url: Url) -> str:
    """The spelling that counts: without fragment and tracking parameters."""
    query = _untracked(_decoded(url.query))
    return f"{url.origin}{_decoded(url.path)}" + (f"?{query}" if query else "")


def tolerances(found: Url, target: Url, own_hosts: frozenset[str]) -> tuple[Tolerance, ...] | None:
    """Whether both are one page: the tolerances needed (none is best), or None when they differ."""
    if found.href == target.href:
        return ()
    are_own = is_own(found, own_hosts) and is_own(target, own_hosts)
    if found.origin != target.origin and not are_own:
        return None
    paths = _decoded(found.path), _decoded(target.path)
    queries = _decoded(found.query), _decoded(target.query)
    if paths[0].rstrip("/") != paths[1].rstrip("/"):
        return None
    if _untracked(queries[0]) != _untracked(queries[1]):
        return None
    needed = {
        Tolerance.SCHEME: found.scheme != target.scheme,
        Tolerance.HOST: found.host != target.host,
        Tolerance.SLASH: paths[0] != paths[1],
        Tolerance.TRACKING: queries[0] != queries[1],
    }
    return tuple(tolerance for tolerance, is_needed in needed.items() if is_needed)


def is_own(url: Url, own_hosts: frozenset[str]) -> bool:
    """Whether the address is on one of a site's own hosts (`host[:port]`, as in Site.hosts)."""
    return url.authority in own_hosts


def _decoded(text: str) -> str:
    """Percent-encoding where it is needed, in capitals, and nowhere else."""
    return ENCODED.sub(_decode_one, text) if "%" in text else text


def _decode_one(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter in UNRESERVED else found[0].upper()


def _untracked(query: str) -> str:
    if not query:
        return ""
    kept = [pair for pair in query.split("&") if not TRACKING.fullmatch(pair.partition("=")[0])]
    return "&".join(kept)
