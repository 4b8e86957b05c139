"""Judges what a person types about a site when it is given, by command or on a page."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from moderator.domain.errors import FieldError, InvalidError, RefusedError
from moderator.domain.site import Site
from moderator.domain.text.languages import read_language
from moderator.domain.urls.addresses import (
    Pairs,
    is_public,
    read_address,
    read_authority,
    read_pair,
    same_address,
)
from moderator.domain.urls.parse import PORTS, Url, strict

Read = TypeVar("Read")
MAX_NAME = 200  # characters of a site's name
MAX_KEY = 100  # characters of an Akismet key: theirs have 12
MAX_NAMED = 100  # hosts of a site, and addresses that may be opened for it
LOCAL = "localhost"  # and all below it: this machine, whatever a resolver says (RFC 6761)


@dataclass(frozen=True, slots=True)
class SiteChanges:
    """What was typed; None keeps what is. An empty callback URL, Akismet key or list of languages
    takes away what there is. `hosts`, `allow` and `allow_source` are added, `drop_…` of each taken
    off. `feed` is whether its approved linkbacks may be read by anybody.
    """

    name: str | None = None
    url: str | None = None
    platform: str | None = None
    callback_url: str | None = None
    akismet_key: str | None = None
    langs: str | None = None
    hosts: Sequence[str] = ()
    drop_hosts: Sequence[str] = ()
    allow: Sequence[str] = ()
    drop_allow: Sequence[str] = ()
    allow_source: Sequence[str] = ()
    drop_allow_source: Sequence[str] = ()
    feed: bool | None = None


def changed(site: Site, changes: SiteChanges, platforms: Collection[str]) -> Site:
    """The site as it was asked to be. Raises InvalidError, with every wrong field by its name."""
    return _Reader(site, changes, platforms).site()


class _Reader:
    """Reads each value; collects what is wrong before it refuses."""

    def __init__(self, site: Site, changes: SiteChanges, platforms: Collection[str]) -> None:
        self._site = site
        self._changes = changes
        self._platforms = platforms
        self._wrong: list[FieldError] = []

    def site(self) -> Site:
        site, changes = self._site, self._changes
        url = self._one("url", changes.url, read_url)
        allowed = self._pairs("allow", self._site.allowed_addresses)
        sources = self._pairs("allow_source", self._site.source_addresses)
        after = replace(
            site,
            name=self._one("name", changes.name, _name) or site.name,
            url=changes.url if url and changes.url else site.url,
            hosts=self._hosts(url),
            platform=self._one("platform", changes.platform, self._platform) or site.platform,
            callback_url=self._callback(allowed),
            akismet_key=_kept(
                self._one("akismet_key", changes.akismet_key, _key), site.akismet_key
            ),
            allowed_addresses=allowed,
            source_addresses=sources,
            langs=_kept(self._one("langs", changes.langs, read_languages), site.langs),
            has_feed=_kept(changes.feed, site.has_feed),
        )
        if self._wrong:
            raise InvalidError("Some values cannot be used", tuple(self._wrong))
        return after

    def _one(self, field: str, given: str | None, read: Callable[[str], Read]) -> Read | None:
        if given is None:
            return None
        try:
            return read(given)
        except ValueError as error:
            self._refuse(field, f"{given!a} {error}")
            return None

    def _every(
        self, field: str, given: Iterable[str], read: Callable[[str], Read]
    ) -> frozenset[Read]:
        found = [self._one(field, each, read) for each in given]
        return frozenset(each for each in found if each is not None)

    def _refuse(self, field: str, detail: str) -> None:
        self._wrong.append(FieldError(f"/{field}", detail))

    def _platform(self, given: str) -> str:
        if given not in self._platforms:
            raise ValueError(f"is none of: {', '.join(sorted(self._platforms))}")
        return given

    def _hosts(self, url: Url | None) -> frozenset[str]:
        """An earlier address stays one of its hosts: linkbacks to it are the site's still."""
        changes = self._changes
        own = {url.authority} if url else set()
        hosts = self._site.hosts | own | self._every("hosts", changes.hosts, read_authority)
        dropped = self._every("drop_hosts", changes.drop_hosts, read_authority)
        self._judge_dropped("drop_hosts", dropped - hosts)
        address = url.authority if url else _authority(self._site.url)
        if address in dropped:
            self._refuse("drop_hosts", f"{address!a} is the host of the blog's address")
        if len(hosts - dropped) > MAX_NAMED:
            self._refuse("hosts", f"are more than {MAX_NAMED}")
        return hosts - dropped

    def _pairs(self, field: str, before: Pairs) -> Pairs:
        changes, drop = self._changes, f"drop_{field}"
        pairs = before | self._every(field, getattr(changes, field), read_target)
        dropped = self._every(drop, getattr(changes, drop), read_pair)
        self._judge_dropped(drop, [f"{ip}:{port}" for ip, port in dropped - pairs])
        if len(pairs - dropped) > MAX_NAMED:
            self._refuse(field, f"are more than {MAX_NAMED}")
        return pairs - dropped

    def _judge_dropped(self, field: str, absent: Collection[str]) -> None:
        for each in sorted(absent):
            self._refuse(field, f"{each!a} is not there")

    def _callback(self, allowed: Pairs) -> str:
        """Judged again when only what may be opened was changed."""
        given = self._changes.callback_url
        url = self._site.callback_url if given is None else given
        if url and (given is not None or allowed != self._site.allowed_addresses):
            self._one("callback_url", url, lambda text: judge_callback(text, allowed))
        return url


def judge_callback(given: str, allowed: Pairs) -> Url:
    """Raises ValueError for what would never be opened.

    Where a name leads is judged at each try: it may lead elsewhere tomorrow.
    """
    url = read_url(given)
    if url.is_literal:
        is_open = (same_address(url.host), url.port) in allowed
        is_open |= is_public(url.host) and url.port in PORTS.values()
        host = f"[{url.host}]" if ":" in url.host else url.host
    elif url.host == LOCAL or url.host.endswith(f".{LOCAL}"):
        is_open = any(port == url.port and _is_loopback(ip) for ip, port in allowed)
        host = "127.0.0.1"
    else:
        is_open = url.port in {*PORTS.values(), *(port for _, port in allowed)}
        host = "IP"
    if not is_open:
        raise ValueError(f"is opened only where {host}:{url.port} is allowed")
    return url


def read_target(text: str) -> tuple[str, int]:
    """IP:PORT of one machine that may be opened although it is not public. Raises ValueError."""
    ip, port = read_pair(text)
    address = read_address(ip)
    if address is None or address.is_multicast or address.is_unspecified or ip == "255.255.255.255":
        raise ValueError("is the address of no machine")
    return ip, port


def read_languages(given: str) -> tuple[str, ...]:
    """Languages between commas (de,en or pt-BR), each once; none of ''. Raises ValueError."""
    if not given.strip():
        return ()
    return tuple(dict.fromkeys(read_language(each.strip()) for each in given.split(",")))


def read_url(text: str) -> Url:
    """An absolute http(s) address of a host that can be one. Raises ValueError."""
    try:
        url = strict(text)
    except RefusedError as error:
        raise ValueError(f"cannot be used: {error}") from error
    try:
        read_authority(url.authority)
    except ValueError as error:
        raise ValueError(f"cannot be used: its host {error}") from error
    return url


def _authority(url: str) -> str:
    try:
        return strict(url).authority
    except RefusedError:
        return ""


def _is_loopback(ip: str) -> bool:
    address = read_address(ip)
    return address is not None and address.is_loopback


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise ValueError(f"is no name of 1 to {MAX_NAME} characters")
    return name


def _key(text: str) -> str:
    if text and (len(text) > MAX_KEY or not text.isascii() or not text.isalnum()):
        raise ValueError("is no Akismet key: those are letters and digits")
    return text


def _kept(wanted: Read | None, otherwise: Read) -> Read:
    return otherwise if wanted is None else wanted
