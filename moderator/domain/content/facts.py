"""What is seen in one submission: each thing is looked for once, and all who ask share it.

Nothing is computed before somebody asks. Facts live as long as the batch that they were made for.
"""

import re
from collections.abc import Callable
from typing import Generic, TypeVar, overload

from moderator.domain.content import fingerprint
from moderator.domain.content.fingerprint import words_of, words_without
from moderator.domain.content.no_page import names_none
from moderator.domain.content.prose import prose
from moderator.domain.links.find import (
    Link,
    LinkPlace,
    WrittenLink,
    link_of,
    links_of,
    plain_address,
    without,
    written,
)
from moderator.domain.submission import Submission
from moderator.domain.text.fold import fold, undressed
from moderator.domain.urls.hosts import is_under_known_top
from moderator.domain.urls.parse import Url

Mask = Callable[[str], str]  # a key of a person, as it is stored: a keyed hash of it
Owner = TypeVar("Owner")
Value = TypeVar("Value")


class cached_fact(Generic[Owner, Value]):  # noqa: N801  # reads as a decorator
    """A property that is computed when it is first asked for, and kept.

    functools.cached_property without its lock, which costs more than most of what is kept.
    """

    def __init__(self, compute: Callable[[Owner], Value]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owner: None, kind: type[Owner]) -> "cached_fact[Owner, Value]": ...

    @overload
    def __get__(self, owner: Owner, kind: type[Owner]) -> Value: ...

    def __get__(
        self, owner: Owner | None, kind: type[Owner]
    ) -> "Value | cached_fact[Owner, Value]":
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._compute(owner)
        return value


# What a link cannot do without: in the folded text, and where it stands in markup.
LINK_SIGNS = ("/", "www.", "<", "](")
MARKUP_SIGN = re.compile(r"<|\]\(")
MAX_MAIL_CHARACTERS = 320  # characters
BETWEEN = dict.fromkeys(map(ord, ".+-_"), "")  # letters and digits of an address


class Facts:
    """`own_hosts` are the site's (`host[:port]`): what leads there leads nowhere else.

    `mask` makes keys of people what a store has in their place; without one they are as they are.
    """

    def __init__(
        self,
        submission: Submission,
        own_hosts: frozenset[str] = frozenset(),
        mask: Mask = str,
    ) -> None:
        self.submission = submission
        self._own_hosts = own_hosts
        self._mask = mask

    @cached_fact
    def folded(self) -> str:
        """The text, folded."""
        return fold(self.submission.text)

    @cached_fact
    def prose(self) -> str:
        """The text as its wording is judged: see `domain.content.prose`."""
        it = self.submission
        found = self.written if it.text.isascii() else self.disguised
        return prose(it.text, self.folded, found)

    @cached_fact
    def written(self) -> list[WrittenLink]:
        """The links written out in the text."""
        return written(self.submission.text)

    @cached_fact
    def disguised(self) -> list[WrittenLink]:
        """The links that a reader sees in the folded text, whatever letters pass for others."""
        return written(self.folded)

    @cached_fact
    def unlinked(self) -> str:
        """The text without its links."""
        text = self.submission.text
        return without(text, self.written) if self.written else text

    @cached_fact
    def words(self) -> str:
        """The folded words of the text without its links: what is compared with others."""
        text = self.submission.text
        if not text.isascii():
            return words_without(self.folded, self.disguised)
        return words_of(fold(without(text, self.written)) if self.written else self.folded)

    @cached_fact
    def text_key(self) -> str:
        it = self.submission
        if it.linkback is not None:
            return fingerprint.text_key(it)
        return fingerprint.key_of(self.words, self.written if it.text.isascii() else self.disguised)

    @cached_fact
    def author_key(self) -> str:
        return self._mask(fingerprint.author_key(self.submission.author))

    @cached_fact
    def place_key(self) -> str:
        return self._mask(fingerprint.place_key(self.submission))

    @cached_fact
    def address_key(self) -> str:
        return self._mask(fingerprint.address_key(self.submission.author))

    @cached_fact
    def name_key(self) -> str:
        return self._mask(fingerprint.name_key(self.submission))

    @cached_fact
    def said(self) -> str:
        """The key of everything that it says: words, signs, links; only case and disguise aside."""
        text = self.submission.text
        bare = without(text, self.written) if self.written else text
        links = (link.raw for link in self.text_links)
        return fingerprint.digest("\0".join((self.words, fingerprint.signs(bare), *links)))

    @cached_fact
    def page_key(self) -> str:
        return fingerprint.page_key(self.submission)

    @cached_fact
    def text_links(self) -> tuple[Link, ...]:
        """Every link of the content, as often as it stands there."""
        it = self.submission
        return links_of(it.content, it.format, it.post.url, self.written)

    @cached_fact
    def seen_links(self) -> tuple[Link, ...]:
        """The links of the content as a reader sees them, whatever letters pass for others."""
        it = self.submission
        if it.text.isascii() and it.content.isascii():
            return self.text_links
        if not any(sign in self.folded for sign in LINK_SIGNS) and not MARKUP_SIGN.search(
            it.content
        ):
            return ()  # most of them, far sooner than by reading
        text = undressed(it.text)
        content = text if it.content == it.text else undressed(it.content)
        if content == it.content and text == it.text:
            return self.text_links
        return links_of(content, it.format, it.post.url, written(text))

    @cached_fact
    def has_page(self) -> bool:
        """Whether the author names a page, wherever it may lead."""
        author = self.submission.author
        address = author.url.strip()
        return bool(address) and not is_mail(address) and not names_none(address, author.name)

    @cached_fact
    def page(self) -> Link | None:
        """The author's page; none where something else was typed."""
        address = self.submission.author.url if self.has_page else ""
        return link_of(plain_address(address), LinkPlace.AUTHOR) if address else None

    @cached_fact
    def source(self) -> Link | None:
        """The source of a linkback."""
        linkback = self.submission.linkback
        return (
            None if linkback is None else link_of(plain_address(linkback.source), LinkPlace.AUTHOR)
        )

    @cached_fact
    def links(self) -> tuple[Link, ...]:
        """Each link that it brings, once: of a linkback its source, else text and page."""
        if self.submission.linkback is not None:
            return () if self.source is None else (self.source,)
        if not self.text_links and self.page is None:
            return ()
        found = {link.raw: link for link in reversed(self.text_links)}
        links = tuple(reversed(found.values()))
        if self.page is None or self.page.raw in found:
            return links
        return (*links, self.page)

    @cached_fact
    def pages(self) -> list[Url]:
        """Every address that it names: links, the author's page, a linkback's source."""
        if not self.links and self.page is None:
            return []
        links = (*self.links, *((self.page,) if self.page else ()))
        return [link.url for link in links if link.url is not None]

    @cached_fact
    def link_hosts(self) -> list[str]:
        """The host of every link of the text that leads away from the blog, one per link.

        A link in disguise is one to whoever reads it, even where a browser would not follow.
        """
        hosts = [host for link in self.text_links if (host := self._away(link))]
        if self.submission.text.isascii():
            return hosts
        seen = [host for each in self.disguised if (host := self._away(each.link))]
        return seen if len(seen) > len(hosts) else hosts

    @cached_fact
    def page_host(self) -> str:
        """The host of the author's page, '' if there is none."""
        return _host(self.page)

    @cached_fact
    def named_hosts(self) -> tuple[str, ...]:
        """Every host that it names: of the author's page, a linkback's source, the links."""
        if not (self.text_links or self.submission.author.url or self.submission.linkback):
            return ()
        hosts = dict.fromkeys((self.page_host, _host(self.source), *self.link_hosts))
        return tuple(host for host in hosts if host)

    def _away(self, link: Link) -> str:
        host = _host(link)
        if not host or host in self._own_hosts:
            return ""
        return "" if link.url is not None and link.url.authority in self._own_hosts else host


def is_mail(address: str) -> bool:
    """Whether an e-mail address or @handle was typed where a page belongs.

    A name before the @ that could be a host is a trick.
    """
    typed = address[: MAX_MAIL_CHARACTERS + 1].removeprefix("https://").removeprefix("http://")
    name, at, host = typed.removeprefix("mailto:").rstrip("/").partition("@")
    letters = f"{name}{host}".translate(BETWEEN)
    if not at or not host or len(typed) > MAX_MAIL_CHARACTERS or not letters.isalnum():
        return False
    return "." not in name or not is_under_known_top(name.lower())


def _host(link: Link | None) -> str:
    return "" if link is None or link.url is None else link.url.host.removeprefix("www.")
