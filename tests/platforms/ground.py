"""Messages of platforms as they were seen, and strategies that draw any others."""

import copy

from hypothesis import strategies as st

from moderator.domain.events.arrival import Arrival
from moderator.domain.submission import Submission
from moderator.intake.webhook import events
from moderator.intake.webhook.reader import EventOrigin
from moderator.platforms import INBOUND
from moderator.platforms.mapping import Field, Inbound, Json, put, to_event
from tests.builders import NOON, a_site

BY_NAME: dict[str, Inbound] = {platform.name: platform for platform in INBOUND}

CORAL: Json = {
    "action": "NEW",
    "comment": {"body": "<div>The bridge was finished in 1911.</div>", "parentID": None},
    "author": {"id": "baf4e943", "role": "COMMENTER"},
    "story": {"id": "245b3856", "url": "https://blog.example.org/2026/03/the-river"},
    "site": {"id": "a4bede88"},
    "tenantID": "19ba5794",
    "tenantDomain": "coral.example.org",
}
WEBMENTION_IO: Json = {
    "secret": "1234abcd",
    "source": "https://amy.example/2026/1446953889",
    "target": "https://blog.example.org/2026/03/the-river",
    "private": False,
    "post": {
        "type": "entry",
        "author": {
            "type": "card",
            "name": "Amy",
            "photo": "https://webmention.example/avatar/1.png",
            "url": "https://amy.example/about#me",
        },
        "url": "https://amy.example/2026/1446953889",
        "published": "2026-03-04T11:38:09+00:00",
        "wm-received": "2026-03-04T11:40:00Z",
        "wm-id": 900123,
        "wm-source": "https://amy.example/2026/1446953889",
        "wm-target": "https://blog.example.org/2026/03/the-river",
        "wm-protocol": "webmention",
        "syndication": ["https://social.example/@amy/1"],
        "rels": {"canonical": "https://amy.example/2026/1446953889"},
        "name": "On the river",
        "content": {"html": "<p>Well <b>said</b> there.</p>", "text": "Well said there."},
        "in-reply-to": "https://blog.example.org/2026/03/the-river",
        "wm-property": "in-reply-to",
        "wm-private": False,
    },
}
ISSO: Json = {
    "event": "comments.new",
    "thread": {"id": 3, "uri": "/2026/03/the-river", "title": "The river"},
    "comment": {
        "id": 23,
        "tid": 3,
        "parent": 15,
        "text": "Stop *saying* that!",
        "author": "Max",
        "email": "max@example.org",
        "website": None,
        "remote_addr": "192.0.2.0",
        "mode": 2,
        "created": 1464940838.254393,
        "modified": None,
        "likes": 0,
        "dislikes": 0,
        "notification": 0,
    },
}
DJANGO: Json = {
    "model": "django_comments.comment",
    "pk": 7,
    "fields": {
        "content_type": 9,
        "object_pk": "12",
        "site": 1,
        "user": None,
        "user_name": "Alice",
        "user_email": "alice@example.org",
        "user_url": "https://alice.example/",
        "comment": "The bridge < 1911, they say.",
        "submit_date": "2026-03-04T11:59:58.123Z",
        "ip_address": "192.0.2.10",
        "is_public": True,
        "is_removed": False,
    },
}
WALINE: Json = {
    "type": "new_comment",
    "data": {
        "comment": {
            "objectId": 4,
            "link": "https://alice.example/",
            "mail": "alice@example.org",
            "nick": "Alice",
            "ua": "Mozilla/5.0",
            "url": "/2026/03/the-river",
            "comment": "<p>Well <strong>said</strong></p>\n",
            "rawComment": "Well **said**",
            "ip": "192.0.2.10",
            "insertedAt": "2026-03-04T11:59:58.123Z",
            "status": "waiting",
            "pid": 1,
            "rid": 1,
        },
        "reply": {"objectId": 1},
    },
}
TWIKOO: Json = {
    "event": "POST_SUBMIT",
    "comment": {
        "id": "0a1b2c",
        "uid": "u1",
        "nick": "Alice",
        "mail": "alice@example.org",
        "mailMd5": "c160f8cc69a4f0bf2b0362752353d060",
        "link": "https://alice.example/",
        "ua": "Mozilla/5.0",
        "ip": "192.0.2.10",
        "master": False,
        "url": "/2026/03/the-river",
        "href": "https://blog.example.org/2026/03/the-river",
        "comment": "<p>Well said</p>",
        "isSpam": False,
        "created": 1772625598123,
        "updated": 1772625598123,
    },
}
NOTICE: Json = {
    "title": "A blog有新评论了",
    "content": "评论人：Alice ([alice@example.org](mailto:alice@example.org))\n\n"
    "评论人IP：192.0.2.10\n\n评论内容：Well said\n\nand more\n\n"
    "原文链接：[https://blog.example.org/2026/03/the-river#0a1b2c]"
    "(https://blog.example.org/2026/03/the-river#0a1b2c)",
}
SEEN: dict[str, Json] = {
    "coral": CORAL,
    "webmention.io": WEBMENTION_IO,
    "isso": ISSO,
    "django-contrib-comments": DJANGO,
    "waline": WALINE,
    "twikoo": TWIKOO,
}

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
VALUES: dict[type, st.SearchStrategy[object]] = {
    str: TEXTS,
    int: st.integers(-(2**53), 2**53),
    float: st.floats(0, 4e9, allow_nan=False),
    bool: st.booleans(),
    list: st.lists(TEXTS, max_size=3),
}
FIRM = {
    ("coral", "action"): st.sampled_from(["NEW", "EDIT"]),
    ("isso", "event"): st.sampled_from(
        ["comments.new", "comments.edit", "comments.activate", "comments.delete"]
    ),
    ("waline", "type"): st.just("new_comment"),
    ("twikoo", "event"): st.just("POST_SUBMIT"),
}


def values(platform: Inbound, field: Field) -> st.SearchStrategy[object]:
    firm = FIRM.get((platform.name, field.native))
    if firm is not None:
        return firm
    if field.words:
        ours = set(field.words.values())
        return st.sampled_from(sorted(field.words)) | TEXTS.filter(lambda text: text not in ours)
    drawn = st.one_of([VALUES[kind] for kind in field.types])
    return drawn | st.none() if field.nullable else drawn


@st.composite
def messages(draw: st.DrawFn, platform: Inbound) -> Json:
    """Any message of a platform: what must be there, and some of what may be."""
    message: Json = {}
    for field in platform.FIELDS:
        if field.is_required or field.nullable or draw(st.booleans()):
            put(message, field.native, draw(values(platform, field)))
    return message


SITE = a_site()
ORIGIN = EventOrigin("blog", NOON, lambda: "0" * 32)


def event_of(name: str, message: object) -> Json:
    return to_event(BY_NAME[name], message, SITE, NOON)


def arrival_of(name: str, message: object) -> Arrival:
    return events.arrival(event_of(name, message), ORIGIN)


def read(name: str, **changes: object) -> Submission:
    """The submission that a seen message says, with values changed by their paths."""
    message = copy.deepcopy(SEEN[name])
    for path, value in changes.items():
        put(message, path.replace("__", "."), value)
    return arrival_of(name, message).submission
