"""Gives a comment of a WordPress the status of a verdict; what a person there did meanwhile wins.

1. Read the comment as it is now. Gone: final.
2. It has the status already: done.
3. It has one that neither we gave it nor the blog had told us: a person was first, and only a
   moderator of ours may still decide.
4. Set it, and believe what the answer says it is.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from moderator.domain.decisions.delivery import FINAL, Callback, CallbackAnswer
from moderator.domain.errors import FetchError
from moderator.domain.site import Site
from moderator.domain.verdict import DeciderKind
from moderator.platforms.wordpress_rest import answers, requests
from moderator.platforms.wordpress_rest.answers import WordPressAnswer, WordPressComment
from moderator.usecases.ports import Courier
from moderator.usecases.wordpress.blog import OK, WordPressBlog

GONE, CHANGED, NO_BIN, BINNED = 404, 409, 501, 410


class _Comment(msgspec.Struct):
    id: str = ""
    exists: bool = True


class _Decider(msgspec.Struct):
    kind: str = ""


class _Data(msgspec.Struct):
    submission_id: str
    comment: _Comment
    status: str
    expected_status: str
    decided_by: _Decider


class _Told(msgspec.Struct):
    data: _Data


_told = msgspec.json.Decoder(_Told)


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Honours usecases/ports.py Courier. `tried` returns the statuses that we set, or may have
    set, on a submission's comment; `courier` is for all that is told otherwise.
    """

    blog: WordPressBlog
    tried: Callable[[str], frozenset[str]]
    courier: Courier

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        if site.wordpress is None or callback.url:
            return await self.courier.send(site, callback)
        told = _told.decode(callback.body).data
        if not told.comment.exists or not told.comment.id.isdecimal():
            return CallbackAnswer(OK, refusal="no_comment")
        try:
            return await self._set(site, told)
        except FetchError as error:
            return CallbackAnswer(0, str(error))

    async def rest(self) -> None:
        await self.courier.rest()

    async def _set(self, site: Site, told: _Data) -> CallbackAnswer:
        answer = await self.blog.ask(site, requests.one(told.comment.id))
        if answers.is_gone(answer):
            return CallbackAnswer(GONE, "the blog has no such comment")
        comment = answers.comment_in(answer) if answer.status == OK else None
        if comment is None:
            return _failed(answer)
        if comment.status == told.status:
            return CallbackAnswer(OK)
        if await self._is_changed(comment.status, told):
            return CallbackAnswer(CHANGED, "changed_by_human")
        return await self._change(site, comment, told)

    async def _is_changed(self, now: str, told: _Data) -> bool:
        if told.decided_by.kind == DeciderKind.MODERATOR or now == told.expected_status:
            return False
        return now not in await asyncio.to_thread(self.tried, told.submission_id)

    async def _change(self, site: Site, comment: WordPressComment, told: _Data) -> CallbackAnswer:
        access = site.wordpress
        if access is None:
            return CallbackAnswer(0, "the site is not reached over its REST API")
        answer = await self.blog.ask(site, requests.set_status(comment, told.status, access))
        if told.status == "trash" and answer.status in (NO_BIN, BINNED):
            return _without_bin() if answer.status == NO_BIN else CallbackAnswer(OK)
        if answer.status != OK:
            return _failed(answer)
        seen = answers.comment_in(answer)
        if seen is None:  # XML-RPC says only that it was done
            seen = answers.comment_in(await self.blog.ask(site, requests.one(told.comment.id)))
        if seen is None or seen.status != told.status:
            return CallbackAnswer(0, "the blog left the comment as it was")
        return CallbackAnswer(OK)


def _without_bin() -> CallbackAnswer:
    """What goes there would be lost, so it stays on hold, for a person."""
    return CallbackAnswer(CHANGED, "the blog has no bin")


def _failed(answer: WordPressAnswer) -> CallbackAnswer:
    """Nothing but WordPress' own word is final: a proxy or a plugin may stand before it."""
    return CallbackAnswer(
        0 if answer.status in {OK, *FINAL} else answer.status,
        answers.trouble(answer),
        retry_after=answer.retry_after,
    )
