"""GET /api/mentions.jf2, /api/mentions.json, /api/count: approved linkbacks, for anybody to read.

Their shape is that of webmention.io (its source, helpers/formats.rb; JF2 is a note of the W3C), so
that what shows its mentions shows ours. Whatever is gone or revised is gone from the next answer:
caches may keep one, and ask each time whether it is still so (ETag).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from hashlib import blake2b
from html import escape
from http import HTTPStatus

import msgspec
from flask import Flask, Response, request

from moderator.domain.errors import FieldError, InvalidError, ModeratorError
from moderator.domain.pages.feed import FeedSlice, Mention
from moderator.usecases.linkback.feed import ReadFeed
from moderator.usecases.services import Services
from moderator.web.answers import JSON
from moderator.web.errors import problem_answer
from moderator.web.limits import RateLimit

MOST = 100  # mentions in one answer
USUAL = 20
DEEPEST = 1_000  # mentions that may be passed over: who wants all of them goes on by `since_id`
NUMBER = re.compile(r"[0-9]{1,16}")
PROPERTIES = {
    "mention": "mention-of",
    "reply": "in-reply-to",
    "like": "like-of",
    "repost": "repost-of",
    "bookmark": "bookmark-of",
}
SENTENCES = {
    "mention": "mentioned", "reply": "replied to", "like": "liked", "repost": "reposted",
    "bookmark": "bookmarked",
}  # fmt: skip
OPEN = {"Access-Control-Allow-Origin": "*"}
HEADERS = OPEN | {
    "Access-Control-Expose-Headers": "ETag",
    "Cache-Control": "public, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
View = Callable[[], object]


class Feed:
    def __init__(self, read: ReadFeed, limit: RateLimit, clock: Callable[[], datetime]) -> None:
        self._read = read
        self._limit = limit
        self._clock = clock

    def answered(self, view: View) -> Callable[[], Response]:
        """The view, behind the limit of the one who asks; scripts of any page may read it all."""

        @wraps(view)
        def answer() -> Response:
            try:
                self._limit.take(request.remote_addr or "", self._clock())
                body = msgspec.json.encode(view())
            except ModeratorError as error:
                refused = problem_answer(error)
                refused.headers.update(OPEN)
                return refused
            told = Response(body, HTTPStatus.OK, HEADERS, content_type=JSON)
            told.set_etag(blake2b(body, digest_size=16).hexdigest())
            told.make_conditional(request)
            return told

        return answer

    def jf2(self) -> object:
        """GET /api/mentions.jf2."""
        children = [_entry(mention) for mention in self._mentions("per-page")]
        return {"type": "feed", "name": "Webmentions", "children": children}

    def links(self) -> object:
        """GET /api/mentions.json, and the same under its older names."""
        return {"links": [_link(mention) for mention in self._mentions("perPage")]}

    def count(self) -> object:
        """GET /api/count."""
        found = self._read.count(request.args.get("target", ""))
        return {"count": found.total(), "type": dict(sorted(found.items()))}

    def _mentions(self, size: str) -> list[Mention]:
        part = _part(size)
        named = (*request.args.getlist("target"), *request.args.getlist("target[]"))
        targets = [target for target in named if target]
        domain = request.args.get("domain", "")
        if domain and not targets:
            return self._read.of_domain(domain, part)
        return self._read(targets, part)


def register(app: Flask, services: Services, read: ReadFeed, limit: RateLimit) -> None:
    feed = Feed(read, limit, services.clock)
    for rule, name, view in (
        ("/api/mentions.jf2", "feed_jf2", feed.jf2),
        ("/api/mentions.json", "feed_json", feed.links),
        ("/api/mentions", "feed_mentions", feed.links),
        ("/api/links", "feed_links", feed.links),
        ("/api/count", "feed_count", feed.count),
        ("/api/count.json", "feed_count_json", feed.count),
    ):
        app.add_url_rule(
            rule, name, feed.answered(view), methods=["GET"], provide_automatic_options=False
        )


def _part(size: str) -> FeedSlice:
    """Raises InvalidError. More than MOST are asked for by who does not know of it: MOST."""
    each = max(1, min(MOST, _number(size, USUAL)))
    offset = _number("page", 0) * each
    if offset > DEEPEST:
        wrong = FieldError("/page", f"More than {DEEPEST} mentions on: go on with since_id")
        raise InvalidError("The query is not valid", (wrong,))
    is_rising = request.args.get("sort-dir", request.args.get("sort_dir", "")) == "up"
    return FeedSlice(each, offset, _number("since_id", 0), is_rising=is_rising)


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name, "")
    if not given:
        return otherwise
    if not NUMBER.fullmatch(given):
        raise InvalidError("The query is not valid", (FieldError(f"/{name}", "Not a number"),))
    return int(given)


def _entry(mention: Mention) -> dict[str, object]:
    kind = PROPERTIES.get(mention.relation, PROPERTIES["mention"])
    entry: dict[str, object] = {
        "type": "entry",
        "author": {
            "type": "card", "name": mention.author.name, "photo": "", "url": mention.author.url,
        },
        "url": mention.source,
        "published": _time(mention.published),
        "wm-received": _time(mention.received_at),
        "wm-id": mention.number,
        "wm-source": mention.source,
        "wm-target": mention.target,
        "wm-protocol": mention.protocol,
    }  # fmt: skip
    if mention.title:
        entry["name"] = mention.title
    if mention.text:
        entry["content"] = {"text": mention.text}
    return entry | {kind: mention.target, "wm-property": kind, "wm-private": False}


def _link(mention: Mention) -> dict[str, object]:
    author, said = mention.author, SENTENCES.get(mention.relation, SENTENCES["mention"])
    name, page = author.name or mention.source, mention.title or "a post"
    parts = [escape(part) for part in (author.url or mention.source, name, mention.target, page)]
    return {
        "source": mention.source,
        "verified": True,
        "verified_date": _time(mention.received_at),
        "id": mention.number,
        "private": False,
        "data": {
            "author": {"name": author.name, "url": author.url, "photo": None},
            "url": mention.source,
            "name": mention.title,
            "content": escape(mention.text) or None,
            "published": _time(mention.published),
            "published_ts": int(mention.published.timestamp()) if mention.published else None,
        },
        "activity": {
            "type": "link" if mention.relation == "mention" else mention.relation,
            "sentence": f"{name} {said} a post {mention.target}",
            "sentence_html": (
                f'<a href="{parts[0]}">{parts[1]}</a> {said} <a href="{parts[2]}">a post</a>'
            ),
        },
        "target": mention.target,
    }


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
