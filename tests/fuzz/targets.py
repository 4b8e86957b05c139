"""Every parser of what strangers send: what it is given to begin with, and what it may raise."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderator.domain.errors import InvalidError, RequestError
from moderator.domain.linkback.verification import Claim, verify_page
from moderator.domain.links.find import bare_links
from moderator.domain.lists.compiled import CompiledList
from moderator.domain.ports import FetchedPage
from moderator.intake.akismet.form import read_form
from moderator.intake.linkback import pingback, trackback, webmention
from moderator.intake.webhook import events, strict_json
from moderator.web.dashboard.inert import inert
from tests.builders import POST
from tests.intake.calls import FORM, SOURCE, a_call, form, ping
from tests.intake.ground import ORIGIN, an_event_with

EVENT = json.dumps(an_event_with("/data/comment/content/raw", "Well <b>said</b>!")).encode()
PAGE = (
    f"<!doctype html><meta charset=utf-8><title>A</title><base href=/><body class=h-entry><p>Read"
    f" <a rel=nofollow href='{POST.url}'>this</a><template><a href={POST.url}></template>"
).encode()
MULTIPART = "multipart/form-data; boundary=b"
PARTS = b'--b\r\nContent-Disposition: form-data; name="blog"\r\n\r\nhttps://a.example\r\n--b--\r\n'


@dataclass(frozen=True, slots=True)
class Target:
    """`read` may raise only what `refusals` names; anything else is a fault."""

    name: str
    seeds: Sequence[bytes]
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...] = (RequestError,)


def _verify(body: bytes) -> object:
    kind, _, page = body.partition(b"\n")
    headers = {"content-type": kind.decode("latin-1")}
    claim = Claim(SOURCE, POST.url, frozenset({"blog.example.org"}), counts_embeds=True)
    return verify_page(FetchedPage(SOURCE, 200, headers, page, (SOURCE,), 1), claim)


def _lists(body: bytes) -> object:
    return CompiledList(body.decode("utf-8", "replace").splitlines()[:50])


def _shown(body: bytes) -> object:
    return inert(body.decode("utf-8", "surrogatepass" if body.isascii() else "replace"))


TARGETS = (
    Target("json", (EVENT, b'{"a":[1,2.5,null,true,"\\u00e9"]}'), strict_json.parse),
    Target("events", (EVENT,), lambda body: events.parse(body, ORIGIN)),
    Target("bulk", (b'{"events":[' + EVENT + b"]}",), lambda body: events.parse_bulk(body, ORIGIN)),
    Target(
        "pingback",
        (ping(),),
        lambda body: pingback.parse(body, a_call(content_type="text/xml")),
    ),
    Target(
        "trackback",
        (form(url=SOURCE, title="A page", excerpt="[…] the river […]", blog_name="Häuser"),),
        lambda body: trackback.parse(body, a_call(content_type=FORM)),
    ),
    Target(
        "webmention",
        (form(source=SOURCE, target=POST.url),),
        lambda body: webmention.parse(body, a_call(content_type=FORM)),
    ),
    Target(
        "page", (b"text/html; charset=utf-8\n" + PAGE, b"text/plain\nhttps://a.example"), _verify
    ),
    Target(
        "akismet",
        (form(blog="https://a.example", comment_content="Hi"),),
        lambda b: read_form(b, FORM),
    ),
    Target("akismet parts", (PARTS,), lambda body: read_form(body, MULTIPART)),
    Target(
        "lists",
        ("casino\n*.example.org\n192.0.2.0/24\nfriend@example.org\n+49 30 1234\nбукв".encode(),),
        _lists,
        (InvalidError,),
    ),
    Target(
        "links",
        (b"See https://a.example/x_(y). and www.b.example, c@d.example",),
        lambda b: bare_links(b.decode("utf-8", "replace")),
    ),
    Target("inert", ("a\u200b\u202e\u0301 👩\u200d👧 <b>".encode(),), _shown),
)
