"""What a submission names that a list may name too, each thing looked for when it is asked for.

An allowed name must really be there; a denied one is found in disguise as well, and where it is
only mentioned.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from moderator.domain.content.facts import Facts, cached_fact
from moderator.domain.links.find import without
from moderator.domain.lists import places
from moderator.domain.lists.spelling import (
    Words,
    as_written,
    unspaced,
    unveiled,
    without_accents,
    words_of,
)
from moderator.domain.text.fold import fold_case
from moderator.domain.urls.hosts import readable
from moderator.domain.urls.parse import MAX_HOST, Url, read
from moderator.domain.urls.same_page import key

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# A host as people mention it: no part of an e-mail address, a longer name or a path.
MENTIONED = re.compile(r"(?<![\w@./-])[\w-]++(?:\.[\w-]++)++(?![\w@])")
STARTING = re.compile(r"\.([A-Z][a-z]+)(?![\w.])")  # the first word of a sentence, after no space
ENDS = ".,;:!?()[]<>{}'\"\u201c\u201d\u2018\u2019\u00ab\u00bb"
MAX_MENTIONED_HOSTS = 500  # mentioned hosts that are looked at
# Endings of file names that are top-level domains too.
OF_FILES = frozenset(
    {"ai", "app", "cc", "md", "ml", "mov", "pl", "ps", "py", "rs", "sh", "so", "zip"}
)
# What nearly every address ends in, and where nearly everybody has a mailbox.
USUAL_TOPS = frozenset({
    "app", "biz", "blog", "club", "com", "dev", "edu", "gov", "info", "name", "net", "online",
    "org", "page", "pro", "site", "space", "top", "website", "xyz",
})  # fmt: skip
USUAL_MAIL = frozenset({
    "aol", "gmail", "gmx", "googlemail", "hotmail", "icloud", "live", "mail", "me", "msn",
    "outlook", "proton", "protonmail", "qq", "web", "yahoo", "yandex",
})  # fmt: skip
SHORT_TOP = 2


class MentionField:
    """One piece of text with its spellings. `where` says what it is of the submission."""

    def __init__(self, where: str, text: str, folded: str | None = None) -> None:
        self.where = where
        self.text = text
        self._folded = folded

    @cached_fact
    def folded(self) -> str:
        return fold_case(self.text) if self._folded is None else self._folded

    @cached_fact
    def is_plain(self) -> bool:
        """Whether there is no letter that may pass for another."""
        return self.text.isascii()

    @cached_fact
    def written(self) -> str:
        return as_written(self.text)

    @cached_fact
    def words(self) -> Words:
        return words_of(self.folded)

    @cached_fact
    def unveiled(self) -> Words:
        """The words without accents that are a disguise; the very same object where none is."""
        if self.folded.isascii():
            return self.words
        words = [unveiled(word) for word in self.words]
        return self.words if words == self.words else words

    @cached_fact
    def plain(self) -> Words:
        """The words without any accents."""
        return self.words if self.folded.isascii() else [without_accents(w) for w in self.words]

    @cached_fact
    def written_words(self) -> Words:
        return words_of(self.written)

    @cached_fact
    def unspaced(self) -> str:
        return unspaced(self.folded)


class Mentions:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._submission = facts.submission

    @cached_fact
    def fields(self) -> Sequence[MentionField]:
        """Text without its links, name, title of the source, page, e-mail, and each link."""
        it, author = self._submission, self._submission.author
        links = self._facts.written
        folded = self._facts.folded if it.text.isascii() and not links else None
        text = MentionField("text", without(it.text, links) if links else it.text, folded)
        fields = [text, MentionField("name", author.name)]
        if it.linkback is not None:
            fields.append(MentionField("title", it.linkback.source_title))
        fields += [MentionField("page", _shown(url)) for url in self._own_pages]
        fields.append(MentionField("e-mail", _without_provider(author.email)))
        shown = {_shown(each.url): None for each in self._facts.text_links if each.url is not None}
        fields += [MentionField("link", each) for each in shown]
        return [field for field in fields if field.text]

    @cached_fact
    def _own_pages(self) -> Sequence[Url]:
        links = (self._facts.page, self._facts.source)
        return [link.url for link in links if link is not None and link.url is not None]

    @cached_fact
    def address(self) -> Address | None:
        try:
            address = ipaddress.ip_address(self._submission.author.ip.strip())
        except ValueError:
            return None
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return mapped or address

    @cached_fact
    def author(self) -> str:
        return places.signed(self._submission.author.name)

    @cached_fact
    def email(self) -> str:
        written = self._submission.author.email
        return places.mailbox(written) if "@" in written else ""

    @cached_fact
    def said_emails(self) -> Sequence[str]:
        """The e-mail addresses that stand in the text."""
        if "@" not in self.fields_text:
            return ()
        words = (word.strip(ENDS) for word in self.fields_text.split() if "@" in word)
        found = [word for word in words if 0 < word.find("@") < len(word) - 1]
        return [
            places.mailbox(w)
            for w in found[:MAX_MENTIONED_HOSTS]
            if w.count("@") == 1 and len(w) <= MAX_HOST
        ]

    @cached_fact
    def fields_text(self) -> str:
        """The folded text, name and title, a line each."""
        said = ("text", "name", "title")
        return "\n".join(field.folded for field in self.fields if field.where in said)

    @cached_fact
    def hosts(self) -> Sequence[tuple[str, str]]:
        """The hosts of page, source and links, with which of these it is."""
        facts = self._facts
        page = facts.page_host
        return [(host, "page" if host == page else "link") for host in facts.named_hosts]

    @cached_fact
    def said_hosts(self) -> Sequence[tuple[str, bool]]:
        """Hosts in disguise or only mentioned; whether it is one beyond doubt."""
        disguised = [] if self._submission.text.isascii() else self._facts.disguised
        seen = [(each.link.url.host, True) for each in disguised if each.link.url is not None]
        if "." not in self.fields_text:
            return seen
        starting = {top.lower() for top in STARTING.findall(self._submission.text)} | OF_FILES
        for match in MENTIONED.findall(self.fields_text)[:MAX_MENTIONED_HOSTS]:
            if len(match) <= MAX_HOST:
                host = places.host_name(match)
                seen.append((host, host.rpartition(".")[2] not in starting))
        return [(host.removeprefix("www."), is_sure) for host, is_sure in seen]

    @cached_fact
    def pages(self) -> Sequence[str]:
        """Every address it names, in its canonical spelling."""
        return [key(url) for url in self._facts.pages]

    @cached_fact
    def said_pages(self) -> Sequence[str]:
        """Addresses in disguise, or without a scheme under a name that no link has."""
        found = [] if self._submission.text.isascii() else self._facts.disguised
        urls = [each.link.url for each in found]
        if "/" in self.fields_text:
            words = (word.strip(ENDS) for word in self.fields_text.split() if "/" in word)
            named = [word for word in words if MENTIONED.match(word)]
            urls += [read(f"http://{word}") for word in named[:MAX_MENTIONED_HOSTS]]
        return [key(url) for url in urls if url is not None]


def _shown(url: Url) -> str:
    """What an address says in words: no scheme, no `www.`, no ending that many have."""
    host = readable(url.host).removeprefix("www.")
    front, dot, top = host.rpartition(".")
    host = front if dot and (top in USUAL_TOPS or len(top) == SHORT_TOP) else host
    return unquote(f"{host}{url.path}" + (f"?{url.query}" if url.query else ""), errors="replace")


def _without_provider(email: str) -> str:
    """An e-mail address as far as its owner chose it."""
    name, _, domain = email.strip().rpartition("@")
    labels = domain.lower().split(".")
    while labels and (labels[-1] in USUAL_TOPS or len(labels[-1]) == SHORT_TOP):
        labels.pop()
    own = "" if labels and labels[-1] in USUAL_MAIL else ".".join(labels)
    return f"{name}@{own}"


def parents(host: str, *, to_top: bool = True) -> Iterator[str]:
    """The host and all it lies under; the top-level domain only if it counts."""
    while host and (to_top or "." in host):
        yield host
        host = host.partition(".")[2]
