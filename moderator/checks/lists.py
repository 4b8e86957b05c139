"""Does the site's own denylist or allowlist name something of this submission?

What an entry means, its form says: `192.0.2.7` or `192.0.2.0/24` is an address or network,
`name@example.org` or `@example.org` an e-mail address or all of a domain, `example.org` a host with
everything below it, anything else whole words. A scope in front narrows an entry: `url:` one page,
`prefix:` all pages below a path, `host:` one host and none below it, `author:` one author's name.
There are no patterns, so matching is linear.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from moderator.domain.canonical import canonical, key
from moderator.domain.check import Context
from moderator.domain.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.fingerprint import WORD, words_of
from moderator.domain.folding import fold
from moderator.domain.submission import Submission
from moderator.domain.urls import Url
from moderator.domain.urls import read as read_address

NAME = "lists"
DENIED = 1.0
ALLOWED = -0.5
MAX_WORDS = 8  # of a phrase
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
SCOPES = frozenset({"url", "prefix", "host", "author"})
NOTHING = Finding(NAME, Signal.NEUTRAL, "The site's lists name nothing of this")
UNSPACED = 0x0E00  # from Thai onwards, scripts that may not put spaces between words

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class Entries:
    """A list, sorted by what its entries are."""

    networks: list[Network] = field(default_factory=list)
    emails: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    phrases: dict[int, set[str]] = field(default_factory=dict)  # by number of words
    pieces: set[str] = field(default_factory=set)  # in scripts without spaces
    scoped: dict[str, set[str]] = field(default_factory=dict)  # by scope


@dataclass(frozen=True, slots=True)
class Named:
    """What a submission names that a list may name too."""

    address: Address | None
    email: str
    hosts: Sequence[str]
    words: Sequence[str]
    author: str
    pages: Sequence[Url]


class Lists:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        policy = context.site.policy
        if policy.denylist or policy.allowlist:
            named = _named(context.about(submission))
            denied = _hits(named, read(policy.denylist))
            if denied:
                return _found(Signal.SPAM, "denied", "denylist", denied, DENIED)
            allowed = _hits(named, read(policy.allowlist))
            if allowed:
                return _found(Signal.HAM, "allowed", "allowlist", allowed, ALLOWED)
        return NOTHING


@lru_cache(maxsize=1024)
def read(entries: tuple[str, ...]) -> Entries:
    sorted_in = Entries()
    for entry in entries:
        scope, _, value = entry.strip().partition(":")
        if scope.lower() in SCOPES:
            _narrow(scope.lower(), value.strip(), sorted_in)
        else:
            _sort_in(entry, sorted_in)
    return sorted_in


def says_something(entry: str) -> bool:
    """Whether an entry could ever match."""
    return read((entry,)) != Entries()


def _narrow(scope: str, value: str, entries: Entries) -> None:
    match scope:
        case "author":
            wanted = _plain(value)
        case "host":
            wanted = _host(value)
        case _:
            wanted = canonical(value)
    if wanted:
        entries.scoped.setdefault(scope, set()).add(wanted)


def _plain(name: str) -> str:
    return " ".join(WORD.findall(fold(name)))


def _sort_in(written: str, entries: Entries) -> None:
    entry = fold(written)
    network = _network(entry)
    words = WORD.findall(entry)
    if network is not None:
        entries.networks.append(network)
    elif "@" in entry and " " not in entry:
        entries.emails.add(entry)
    elif HOST.fullmatch(_host(written)):
        entries.hosts.add(_host(written))
    elif max(map(ord, "".join(words)), default=0) >= UNSPACED:
        entries.pieces.add("".join(words))
    elif len("".join(words)) > 1:  # a single letter would be everywhere
        words = words[:MAX_WORDS]
        entries.phrases.setdefault(len(words), set()).add(" ".join(words))


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _host(written: str) -> str:
    """The host that an entry names, in the spelling of links: an international name as ASCII."""
    entry = written.strip().lower()
    bare = entry.partition("://")[2] or entry
    host = bare.partition("/")[0].removeprefix("*.").removeprefix("www.").strip(".")
    address = None if host.isascii() else read_address(f"http://{host}")
    return host if address is None else address.host


def _named(facts: Facts) -> Named:
    author, linkback = facts.submission.author, facts.submission.linkback
    title = linkback.source_title if linkback else ""
    return Named(
        address=_address(author.ip.strip()),
        email=fold(author.email),
        hosts=facts.named_hosts,
        words=words_of(f"{fold(author.name)} {fold(title)} {facts.folded}").split(),
        author=author.name,
        pages=facts.pages,
    )


def _address(written: str) -> Address | None:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _hits(named: Named, entries: Entries) -> list[str]:
    """The entries that match, each once."""
    found = [str(network) for network in entries.networks if _is_in(named.address, network)]
    domain = "@" + named.email.rpartition("@")[2]
    found += [entry for entry in (named.email, domain) if entry in entries.emails]
    found += [parent for host in named.hosts for parent in _parents(host, entries.hosts)]
    found += _in_scope(named, entries.scoped) if entries.scoped else []
    found += _phrases(named.words, entries.phrases)
    if entries.pieces:
        text = "".join(named.words)
        found += sorted(piece for piece in entries.pieces if piece in text)
    return list(dict.fromkeys(found))


def _in_scope(named: Named, scoped: Mapping[str, set[str]]) -> Iterable[str]:
    for host in named.hosts:
        if host in scoped.get("host", ()):
            yield f"host:{host}"
    name = _plain(named.author)
    if name in scoped.get("author", ()):
        yield f"author:{name}"
    if "url" in scoped or "prefix" in scoped:
        for page in map(key, named.pages):
            if page in scoped.get("url", ()):
                yield f"url:{page}"
            yield from (f"prefix:{p}" for p in scoped.get("prefix", ()) if _is_below(page, p))


def _is_below(page: str, prefix: str) -> bool:
    """`/blog` covers itself, `/blog/1` and `/blog?p=1`, but not `/blogger`."""
    rest = page.removeprefix(prefix.rstrip("/"))
    return rest != page and rest[:1] in ("", "/", "?")


def _is_in(address: Address | None, network: Network) -> bool:
    return address is not None and address.version == network.version and address in network


def _parents(host: str, wanted: set[str]) -> Iterable[str]:
    """The host and all it lies under, as far as they are wanted."""
    while host:
        if host in wanted:
            yield host
        host = host.partition(".")[2]


def _phrases(words: Sequence[str], wanted: dict[int, set[str]]) -> list[str]:
    return [
        phrase
        for length, phrases in wanted.items()
        for start in range(len(words) - length + 1)
        if (phrase := " ".join(words[start : start + length])) in phrases
    ]


def _found(signal: Signal, code: str, which: str, hits: list[str], weight: float) -> Finding:
    reason = f"The site's {which} names: {', '.join(hits[:5])}"
    return Finding(NAME, signal, reason, code=code, weight=weight, evidence={"entries": hits[:20]})
