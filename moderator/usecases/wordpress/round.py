"""One look at a blog: what is new on hold there, and what became of what we know.

1. The newest on hold, as many pages as hold something that we do not know.
2. One page more of what is on hold, another one each round: so what was missed is found.
3. What has become of comments that we know: those we hold, and those of the last WATCHED, some of
   them each round. Another status than the blog was given is a person's decision there; what
   WordPress says is gone is erased here.

All of it is fed to the use case that takes in what blogs send, so it may be repeated.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from moderator.domain.errors import FetchError, RequestError
from moderator.domain.events.arrival import Answer, Arrival, Event
from moderator.domain.events.known import content_digest
from moderator.domain.events.polling import Place, PolledComment, WatchedComment
from moderator.domain.ids import new_id
from moderator.domain.site import Site
from moderator.intake.linkback import LINKBACK_PROTOCOLS
from moderator.intake.webhook import events
from moderator.platforms.wordpress_rest import answers, requests
from moderator.platforms.wordpress_rest.answers import CommentPage, WordPressComment, WordPressPost
from moderator.platforms.wordpress_rest.event import event, named
from moderator.usecases.ports import EventLog
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.wordpress.blog import OK, UNREADABLE, WordPressBlog, asked

PAGES = 10  # of comments on hold that are read in one round
MOST_GONE = 10  # comments of which one round asks whether they are gone
WATCHED = timedelta(days=30)
LINKBACKS = tuple(str(protocol.KIND) for protocol in LINKBACK_PROTOCOLS)
_encoder = msgspec.json.Encoder()


class RoundStore(Protocol):
    def known(self, site_id: str, platform_ids: Sequence[str]) -> dict[str, PolledComment]: ...

    def watched(
        self, site_id: str, place: Place, since: datetime
    ) -> tuple[list[WatchedComment], Place]:
        """Some of what is decided and told, and the place after them; '' where the end is met."""
        ...


@dataclass(frozen=True, slots=True)
class RoundTools:
    """`accept` is usecases/intake/accept.py Accept."""

    blog: WordPressBlog
    accept: Callable[[Sequence[Arrival], datetime], list[Answer]]
    entropy: Callable[[int], bytes]
    log: EventLog


@dataclass(slots=True)
class Round:
    """`place` says how far it came, also where it raises. Raises TransientError."""

    site: Site
    store: RoundStore
    tools: RoundTools
    now: Clock
    place: Place
    _posts: dict[int, WordPressPost | None] = field(default_factory=dict)
    _pages: int = 0

    async def run(self) -> None:
        end = await self._read_held(0)
        if end is not None:  # there is more than the newest
            start = max(end, self.place.held_offset)
            end = await self._read_held(start)
        self.place = replace(self.place, held_offset=end or 0)
        await self._watch()

    async def _read_held(self, offset: int) -> int | None:
        """Read pages from `offset` on, as long as they bring something new.

        Return where to go on, None at the end of the list.
        """
        while self._pages < PAGES:
            self._pages += 1
            page = await self._page(requests.held(offset))
            offset += requests.PAGE
            is_new = await self._take(page.comments)
            if page.is_last(offset, requests.PAGE):
                return None
            if not is_new:
                break
        return offset

    async def _page(self, request: requests.WordPressRequest) -> CommentPage:
        page = answers.comments_in(await asked(self.tools.blog, self.site, request))
        if page is None:
            raise FetchError(UNREADABLE)
        return page

    async def _take(self, comments: Sequence[WordPressComment]) -> bool:
        """Take in what is new or was edited; return whether anything was new."""
        wanted = [each for each in comments if not each.is_note and each.status == "hold"]
        names = [str(each.id) for each in wanted]
        known = await asyncio.to_thread(self.store.known, self.site.id, names)
        arrivals, is_new = [], False
        for comment in sorted(wanted, key=_by_id):
            arrival = await self._arrival(comment, known)
            if arrival is not None:
                arrivals.append(arrival)
                is_new = is_new or arrival.event is Event.CREATED
        await self._accept(arrivals)
        return is_new

    async def _arrival(
        self, comment: WordPressComment, known: Mapping[str, PolledComment]
    ) -> Arrival | None:
        before = known.get(str(comment.id))
        if before is None:
            post = await self._post(comment)
            return self._read(Event.CREATED, event(self.site.id, comment, post, LINKBACKS))
        if before.status == "erased":
            return None
        read = self._read(Event.UPDATED, event(self.site.id, comment, None, LINKBACKS))
        if read is None or content_digest(read.submission) == before.digest:
            return None
        post = await self._post(comment)
        read = self._read(Event.UPDATED, event(self.site.id, comment, post, LINKBACKS))
        is_other = read is not None and content_digest(read.submission) != before.digest
        return read if is_other else None

    async def _post(self, comment: WordPressComment) -> WordPressPost | None:
        """What the blog says of the page, once a round; None where it does not tell."""
        if comment.post not in self._posts:
            self._posts[comment.post] = await self._ask_post(requests.post_of(comment))
        return self._posts[comment.post]

    async def _ask_post(self, request: requests.WordPressRequest | None) -> WordPressPost | None:
        answer = None if request is None else await self.tools.blog.ask(self.site, request)
        post = answers.post_in(answer) if answer is not None and answer.status == OK else None
        if post is None or post.type != "post":
            return post
        answer = await self.tools.blog.ask(self.site, requests.tags_of(post))
        return answers.with_tags(post, answers.tags_in(answer)) if answer.status == OK else post

    async def _watch(self) -> None:
        since = self.now() - WATCHED
        watched, after = await asyncio.to_thread(
            self.store.watched, self.site.id, self.place, since
        )
        if watched:
            request = requests.statuses([each.platform_id for each in watched])
            page = await self._page(request)
            there = {str(each.id): each.status for each in page.comments}
            arrivals = [each for each in (self._moved(one, there) for one in watched) if each]
            missing = [each.platform_id for each in watched if each.platform_id not in there]
            await self._accept([*arrivals, *await self._gone(missing)])
        self.place = after

    def _moved(self, known: WatchedComment, there: Mapping[str, str]) -> Arrival | None:
        """The decision of a person there, None where there was none.

        Where the blog has our latest status, but did not say so, it was we who set it.
        """
        now = there.get(known.platform_id, known.given)
        if now in (known.given, known.status) or not answers.is_status(now):
            return None
        return self._read(Event.STATUS_CHANGED, named(self.site.id, known.platform_id, now))

    async def _gone(self, missing: Iterable[str]) -> list[Arrival]:
        """Erasures of what WordPress itself says is not there; a list may lack it for less."""
        arrivals = []
        for platform_id in list(missing)[:MOST_GONE]:
            answer = await self.tools.blog.ask(self.site, requests.one(platform_id))
            if answers.is_gone(answer):
                arrivals.append(self._read(Event.DELETED, named(self.site.id, platform_id)))
        return [each for each in arrivals if each is not None]

    def _read(self, kind: Event, data: Mapping[str, object]) -> Arrival | None:
        """Read it as if the blog had sent it; what cannot be read stays there, for a person."""
        now = self.now().astimezone(UTC)
        origin = events.EventOrigin(self.site.id, now, lambda: new_id(now, self.tools.entropy(10)))
        body = _encoder.encode({"type": kind, "timestamp": now, "data": data})
        try:
            return events.parse(body, origin)
        except RequestError as error:
            fields = ",".join(each.pointer for each in getattr(error, "fields", ()))
            self.tools.log.info(
                "comment_not_read", site=self.site.id, fields=fields, error=f"{error!s}"
            )
            return None

    async def _accept(self, arrivals: Sequence[Arrival]) -> None:
        if arrivals:
            await asyncio.to_thread(self.tools.accept, arrivals, self.now())


def _by_id(comment: WordPressComment) -> int:
    return comment.id
