"""Which addresses are one page, and which tolerance of ours it took to say so.

Equal by the standards (no tolerance): case of scheme and host, default port, root dot, dot
segments, needless percent-encoding, fragment. Our tolerances, each named in the answer: tracking
parameters, the slash at the end, letters that senders escape and browsers do not (or compose in
another way), the usual variants of one page (AMP, a page of comments, a reply form), and among the
blog's own hosts scheme and host.
"""

import re
from enum import StrEnum
from functools import partial
from urllib.parse import quote, unquote_to_bytes

from moderator.domain.text.marks import normalized
from moderator.domain.urls.parse import Url, read

ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
TRACKING = re.compile(
    r"(?:utm_[a-z_]+|mtm_[a-z_]+|pk_[a-z_]+|hsa_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid"
    r"|msclkid|twclid|ttclid|yclid|ysclid|li_fat_id|igsh|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi"
    r"|_openstat|mkt_tok|oly_anon_id|oly_enc_id|rb_clickid|s_cid|vero_conv|vero_id|wickedid"
    r"|gad_source|gad_campaignid|srsltid|at_[a-z_]+|sc_[a-z_]*cid|rdt_cid|epik|cjevent|irclickid"
    r"|mibextid|sfnsn|_bhlid|trk|hss_channel|ss_source|ss_campaign_[a-z]+|ck_subscriber_id"
    r"|_bta_[a-z]+|usqp|guccounter|guce_[a-z_]+|itm_[a-z]+|s_kwcid|ef_id|__twitter_impression"
    r"|fb_(?:action_ids|action_types|source|ref)|ref_src|ref_url|__s|_kx|_branch_match_id"
    r"|(?:matomo|piwik)_[a-z_]+|xtor|wt[._]mc|dm_i)",
    re.IGNORECASE,
)
# A percent-encoded octet beyond ASCII; what stands in a path or query without being escaped there.
BEYOND = re.compile(r"(?:%[89A-F][0-9A-F])+")
WWW = "www."
ASCII = "".join(map(chr, range(33, 127)))
LOOSE = frozenset("!'()*,;:@$")
LOOSE_IN_PATHS = LOOSE | frozenset("+&=[]|^`{}")  # a query takes its own marks from these
# One post under other addresses of its own blog (WordPress, AMP, Blogger).
VARIANT_PATH = re.compile(r"/(?:amp|comment-page-\d{1,6}|(?:feed|trackback|embed))/?\Z")
VARIANT = re.compile(
    r"(?:replytocom|amp|m|output|outputtype|noamp|unapproved|moderation-hash|cpage"
    r"|share|nb|print)(?:=|\Z)"
)


class Tolerance(StrEnum):
    """What we look past although the standards do not."""

    TRACKING = "tracking_parameters"
    SLASH = "trailing_slash"
    ENCODING = "encoding"
    VARIANT = "page_variant"
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
    exact = [(_decoded(url.path), _decoded(url.query)) for url in (found, target)]
    loose = [
        (_loose(path, LOOSE_IN_PATHS), _loose(query.replace("+", "%20"), LOOSE))
        for path, query in exact
    ]
    bare = [(path.rstrip("/"), _untracked(query)) for path, query in loose]
    plain = [(VARIANT_PATH.sub("", path), _without_variants(query)) for path, query in bare]
    if bare[0] != bare[1] and (plain[0] != plain[1] or not are_own):
        return None
    needed = {
        Tolerance.SCHEME: found.scheme != target.scheme,
        Tolerance.HOST: found.host != target.host,
        Tolerance.SLASH: loose[0][0] != loose[1][0] and bare[0][0] == bare[1][0],
        Tolerance.TRACKING: loose[0][1] != loose[1][1] and bare[0][1] == bare[1][1],
        Tolerance.ENCODING: exact != loose and _stripped(exact[0]) != _stripped(exact[1]),
        Tolerance.VARIANT: bare[0] != bare[1],
    }
    return tuple(tolerance for tolerance, is_needed in needed.items() if is_needed)


def is_own(url: Url, own_hosts: frozenset[str]) -> bool:
    """Whether the address is on one of a site's own hosts (`host[:port]`, as in Site.hosts).

    With and without `www.` it is the same site to everybody who writes a link.
    """
    return url.authority in own_hosts or twin(url.authority) in own_hosts


def twin(authority: str) -> str:
    """The other of the two spellings of a host: with `www.`, without it."""
    bare = authority.removeprefix(WWW)
    return bare if bare != authority else WWW + authority


def _decoded(text: str) -> str:
    """Percent-encoding where it is needed, in capitals, and nowhere else."""
    return ENCODED.sub(_decode_one, text) if "%" in text else text


def _decode_one(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter in UNRESERVED else found[0].upper()


def _loose(text: str, loose: frozenset[str]) -> str:
    """One spelling where senders escape what browsers leave, or compose letters in another way."""
    if "%" not in text:
        return text
    text = ENCODED.sub(partial(_unescaped, loose), text)
    if BEYOND.search(text) is None:
        return text
    return quote(normalized("NFC", BEYOND.sub(_read, text)), safe=ASCII)


def _unescaped(loose: frozenset[str], found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter in loose else found[0]


def _read(found: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(found[0]).decode()
    except UnicodeDecodeError:
        return found[0]


def _stripped(parts: tuple[str, str]) -> tuple[str, str]:
    return parts[0].rstrip("/"), _untracked(parts[1])


def _without_variants(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if not VARIANT.match(pair))


def _untracked(query: str) -> str:
    if not query:
        return ""
    kept = [pair for pair in query.split("&") if not TRACKING.fullmatch(pair.partition("=")[0])]
    return "&".join(kept)
