"""What a link says about itself before anybody follows it: cut off, tricky, or not for the public.

In this order: a scheme that runs code; cut off by a platform; a host hidden behind a user name;
what the guarded fetch refuses; a bare IP address; mixed scripts; a foreign name that looks Latin; a
name that looks like the blog's own.
"""

import re
from collections.abc import Iterable

from moderator.domain.links.find import Link, LinkPlace
from moderator.domain.ports import Fate, LinkFate
from moderator.domain.site import Site
from moderator.domain.urls.addresses import is_public
from moderator.domain.urls.hosts import disguise
from moderator.domain.urls.parse import Url, refusal

RUNS_CODE = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
MAIL_ADDRESS = re.compile(r"https?://[\w.+-]{0,64}@[\w.-]{1,255}/?", re.IGNORECASE)
USERINFO = re.compile(r"(?:https?:)?[/\\]{2,}[^/?#\\]*@", re.IGNORECASE)


def judge_shape(link: Link, site: Site) -> LinkFate | None:
    """The fate of a link that its shape decides; None when it must be followed to know more."""
    if RUNS_CODE.match(link.raw):
        return _fate(link, Fate.SUSPICIOUS, "It runs code instead of leading somewhere")
    if link.is_cut_off:
        return _fate(link, Fate.CUT_OFF, "The address was cut off before it was sent")
    if USERINFO.match(link.raw) and not _is_mail_address(link):
        return _fate(link, Fate.SUSPICIOUS, "The host is hidden behind a user name")
    if link.url is None:
        return _fate(link, Fate.REFUSED, "It is not a web address")
    if link.url.authority in site.hosts:
        return _fate(link, Fate.OK, "It leads to the blog itself")
    return judge_host(link, link.url, site.hosts)


def _is_mail_address(link: Link) -> bool:
    """Whether somebody typed an e-mail address or a handle into the field of the page."""
    return link.place is LinkPlace.AUTHOR and MAIL_ADDRESS.fullmatch(link.raw) is not None


def judge_host(link: Link, url: Url, own_hosts: Iterable[str]) -> LinkFate | None:
    """What the host says: of a link itself, or of where a short link led."""
    refused = _refusal(url)
    if refused:
        return _fate(link, Fate.REFUSED, refused)
    trick = _trick(url, own_hosts)
    return _fate(link, Fate.SUSPICIOUS, trick) if trick else None


def _refusal(url: Url) -> str:
    refused = refusal(url)
    if refused:
        return refused
    if url.is_literal:
        return "" if is_public(url.host) else "The address is not public"
    return "" if "." in url.host else "The host has no public name"


def _trick(url: Url, own_hosts: Iterable[str]) -> str:
    if url.is_literal:
        return "The host is a bare IP address"
    passes = disguise(url.host, own_hosts)
    return f"The host {passes}" if passes else ""


def _fate(link: Link, fate: Fate, detail: str) -> LinkFate:
    return LinkFate(link.raw, fate, detail)
