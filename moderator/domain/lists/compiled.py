"""A list made ready for looking things up in it, and what it finds.

What it costs does not grow with the number of entries, but for what people choose by hand: how many
lengths of words with a star there are, and how many sizes of networks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from moderator.domain.errors import InvalidError
from moderator.domain.lists.entry import Entry, EntryKind
from moderator.domain.lists.mentions import MentionField, Mentions, parents
from moderator.domain.lists.numbers import Numbers
from moderator.domain.lists.places import place
from moderator.domain.lists.reading import read_entry
from moderator.domain.lists.search import Literals, PieceIndex, WordIndex
from moderator.domain.lists.spelling import without_accents, words_of

LONG = 8  # letters from which on a word is the same with and without accents
AT = 80  # characters of what was found that are told
KEPT_LISTS = 1024  # lists that are kept ready
FLAG = re.compile("([\U0001f1e6-\U0001f1ff]{2})")
STEP = re.compile("[/?&]")
DEEPEST = 100  # steps of a path that are walked
MAY_BE_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
KATAKANA = re.compile("[\u30a0-\u30ff]+")
SHORT_KATAKANA = re.compile("[\u30a0-\u30ff]{2}")


@dataclass(frozen=True, slots=True)
class ListHit:
    """An entry as it was typed, where it was found (text, name, page), and what stands there."""

    entry: str
    where: str
    at: str


class CompiledList:
    """`unread` are entries that no longer count, with a sentence each."""

    def __init__(self, typed: Iterable[str]) -> None:
        self.unread: list[tuple[str, str]] = []
        self.entries: list[Entry] = []
        self._networks: dict[tuple[int, int], dict[int, str]] = {}
        self._by_sort: dict[EntryKind, dict[str, str]] = {}
        self._numbers = Numbers()
        self._exact, self._loose, self._spelled = WordIndex(), WordIndex(), WordIndex()
        self._unspaced, self._signs, self._drawn = PieceIndex(), Literals(), Literals()
        for each in typed:
            try:
                self._take(read_entry(each))
            except InvalidError as error:
                self.unread.append((each, str(error)))

    def _take(self, entry: Entry) -> None:
        typed = entry.typed
        self.entries.append(entry)
        self._by_sort.setdefault(entry.sort, {})[entry.value] = typed
        match entry.sort:
            case EntryKind.ADDRESS:
                for network in entry.networks:
                    size = (network.version, network.max_prefixlen - network.prefixlen)
                    start = int(network.network_address) >> size[1]
                    self._networks.setdefault(size, {})[start] = typed
            case EntryKind.NUMBER:
                self._numbers.add(entry.value, typed)
            case EntryKind.UNSPACED:
                self._unspaced.add(entry.value, typed)
            case EntryKind.SIGNS:
                words, signs = words_of(entry.value), _flags_apart(entry.value)
                self._signs.add(signs, words, typed)
                if not signs.isascii():  # folding may have made letters of it
                    self._drawn.add(signs, words, typed)
            case (
                EntryKind.WORDS
                | EntryKind.BEGINNING
                | EntryKind.ENDING
                | EntryKind.INSIDE
                | EntryKind.SPELLING
            ):
                self._take_words(entry)
            case _:
                pass

    def _take_words(self, entry: Entry) -> None:
        typed, value, index = entry.typed, entry.value, self._exact
        if entry.sort is EntryKind.SPELLING:
            index = self._spelled
        elif sum(map(str.isalnum, value)) >= LONG:
            value, index = without_accents(value), self._loose
        match entry.sort:
            case EntryKind.BEGINNING | EntryKind.ENDING:
                index.add_affix(value, typed, at_end=entry.sort is EntryKind.ENDING)
            case EntryKind.INSIDE:
                index.add_inside(value, typed)
            case _:
                index.add(value.split(), typed)
                if not value.isascii():  # look-alikes in the text may have become other letters
                    self._spelled.add(entry.value.split(), typed)

    def hits(self, mentions: Mentions, *, in_disguise: bool) -> list[ListHit]:
        """What is named, each entry once. `in_disguise`: also what only looks like it, or is
        mentioned: to deny, not to allow.
        """
        found: dict[str, ListHit] = {}
        for hit in self._all(mentions, in_disguise=in_disguise):
            found.setdefault(hit.entry, hit)
        return list(found.values())

    def _all(self, mentions: Mentions, *, in_disguise: bool) -> Iterator[ListHit]:
        yield from self._addresses(mentions)
        yield from self._emails(mentions, in_disguise=in_disguise)
        yield from self._hosts(mentions, in_disguise=in_disguise)
        yield from self._pages(mentions, in_disguise=in_disguise)
        if EntryKind.AUTHOR in self._by_sort:
            yield from self._known(EntryKind.AUTHOR, mentions.author, "name")
        for field in mentions.fields:
            yield from (ListHit(entry, field.where, at[:AT]) for entry, at in self._said(field))

    def _known(self, sort: EntryKind, value: str, where: str, at: str = "") -> Iterator[ListHit]:
        entry = self._by_sort[sort].get(value)
        if entry is not None:
            yield ListHit(entry, where, (at or value)[:AT])

    def _addresses(self, mentions: Mentions) -> Iterator[ListHit]:
        if self._networks and (address := mentions.address) is not None:
            number = int(address)
            for (version, size), starts in self._networks.items():
                if version == address.version and (number >> size) in starts:
                    yield ListHit(starts[number >> size], "address", str(address))

    def _emails(self, mentions: Mentions, *, in_disguise: bool) -> Iterator[ListHit]:
        if EntryKind.EMAIL not in self._by_sort:
            return
        said = mentions.said_emails if in_disguise else ()
        for where, email in (("e-mail", mentions.email), *(("text", each) for each in said)):
            if email:
                domain = email.rpartition("@")[2]
                wanted = (email, f"@{domain}", *(f"@.{parent}" for parent in parents(domain)))
                for each in wanted:
                    yield from self._known(EntryKind.EMAIL, each, where, email)

    def _hosts(self, mentions: Mentions, *, in_disguise: bool) -> Iterator[ListHit]:
        if not (EntryKind.HOST in self._by_sort or EntryKind.ONE_HOST in self._by_sort):
            return
        hosts = [(host, True, where) for host, where in mentions.hosts]
        if in_disguise:
            hosts += [(host, is_sure, "text") for host, is_sure in mentions.said_hosts]
        for host, is_sure, where in dict.fromkeys(hosts):
            if EntryKind.HOST in self._by_sort:
                for parent in parents(host, to_top=is_sure):
                    yield from self._known(EntryKind.HOST, parent, where, host)
            if EntryKind.ONE_HOST in self._by_sort:
                yield from self._known(EntryKind.ONE_HOST, host, where)

    def _pages(self, mentions: Mentions, *, in_disguise: bool) -> Iterator[ListHit]:
        scoped = [sort for sort in (EntryKind.ONE_PAGE, EntryKind.BELOW) if sort in self._by_sort]
        if not scoped and EntryKind.PAGE not in self._by_sort:
            return
        for page in (*mentions.pages, *(mentions.said_pages if in_disguise else ())):
            if EntryKind.ONE_PAGE in scoped:
                yield from self._known(EntryKind.ONE_PAGE, page, "link", page)
            if EntryKind.BELOW in scoped:
                yield from self._above(EntryKind.BELOW, page)
            if EntryKind.PAGE in self._by_sort:
                yield from self._above(EntryKind.PAGE, place(page))

    def _above(self, sort: EntryKind, page: str) -> Iterator[ListHit]:
        """`/blog` covers itself, `/blog/1` and `/blog?p=1`, but not `/blogger`."""
        known = self._by_sort[sort]
        steps = STEP.finditer(page, page.find("://") + len("://") if "://" in page else 0)
        for end in (*(step.start() for step in islice(steps, DEEPEST)), len(page)):
            if page[:end] in known:
                yield ListHit(known[page[:end]], "link", page[:AT])

    def _said(self, field: MentionField) -> Iterator[tuple[str, str]]:
        if not self._exact.is_empty:
            yield from self._exact.find(field.words)
            if field.unveiled is not field.words:
                yield from self._exact.find(field.unveiled)
        if not self._loose.is_empty:
            yield from self._loose.find(field.plain)
        yield from self._numbers.find(field.folded)
        if not self._unspaced.is_empty:
            yield from _unspaced_in(self._unspaced, field.unspaced)
        if not self._signs.is_empty:
            yield from self._signs.find(_flags_apart(field.folded), field.words)
        if not field.is_plain:
            yield from self._as_written(field)

    def _as_written(self, field: MentionField) -> Iterator[tuple[str, str]]:
        if not self._spelled.is_empty:
            yield from self._spelled.find(field.written_words)
        if not self._drawn.is_empty:
            yield from self._drawn.find(_flags_apart(field.written), field.written_words)


def _unspaced_in(pieces: PieceIndex, text: str) -> Iterator[tuple[str, str]]:
    """Two katakana are a word only where no others stand beside them."""
    for entry, start, end in pieces.find(text):
        piece, around = text[start:end], text[max(start - 1, 0) : end + 1]
        if not SHORT_KATAKANA.fullmatch(piece) or KATAKANA.findall(around) == [piece]:
            yield entry, piece


def _flags_apart(text: str) -> str:
    """A flag is a pair of letters; the end of one and the start of the next are no third."""
    return FLAG.sub(r"\1\n", text) if MAY_BE_FLAG.search(text) else text


@lru_cache(maxsize=KEPT_LISTS)
def _compiled(typed: tuple[str, ...]) -> CompiledList:
    return CompiledList(typed)


_ready: dict[int, tuple[tuple[str, ...], CompiledList]] = {}


def compiled(typed: tuple[str, ...]) -> CompiledList:
    """The list made ready, once: comparing thousands of entries for each comment is too much."""
    known = _ready.get(id(typed))
    if known is not None and known[0] is typed:
        return known[1]
    made = _compiled(typed)
    if len(_ready) >= KEPT_LISTS:
        _ready.clear()
    _ready[id(typed)] = (typed, made)
    return made
