"""A small WordPress that knows nothing of us: its REST API as versions 6.1.9 and 6.8.12 answer."""

import json
import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from moderator.domain.errors import FetchError
from moderator.domain.site import Site, WordPressAccess
from moderator.platforms.wordpress_rest.answers import WordPressAnswer
from moderator.platforms.wordpress_rest.requests import WordPressRequest
from tests.builders import BLOG, a_site

ACCESS = WordPressAccess(BLOG, "keeper", "abcd efgh ijkl mnop")
OURS = "203.0.113.99"  # where our requests come from
WORDS = {"approve": "approved", "hold": "hold", "spam": "spam", "trash": "trash"}
SHOWN = {"hold": {"hold"}, "any": {"approved", "hold", "spam", "trash", "post-trashed"}}
Row = dict[str, object]


def polled_site(**changes: object) -> Site:
    return a_site(**({"platform": "wordpress", "wordpress": ACCESS} | changes))


@dataclass
class FakeWordPress:
    """Honours usecases/wordpress/blog.py. `refusal` is what it answers to everybody; `is_away`: it
    does not answer; `hides` are comments that its lists lack.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    asked: list[WordPressRequest] = field(default_factory=list)
    refusal: tuple[int, str] | None = None
    is_away: bool = False
    has_bin: bool = True
    hides: set[int] = field(default_factory=set)

    def comment(self, text: str, id_: int = 0, **changes: object) -> int:
        id_ = id_ or max(self.rows, default=100) + 1
        self.rows[id_] = {
            "id": id_,
            "post": 7,
            "parent": 0,
            "author": 0,
            "author_name": "Ana O&#039;Neill",
            "author_email": "ana@reader.example",
            "author_url": "",
            "author_ip": "192.0.2.10",
            "author_user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
            "date_gmt": "2026-03-04T12:00:00",
            "content": {"raw": text, "rendered": f"<p>{text}</p>"},
            "link": f"{BLOG}/2026/03/the-river/comment-page-2/#comment-{id_}",
            "status": "hold",
            "type": "comment",
            "_links": {"up": [{"embeddable": True, "href": f"{BLOG}/wp-json/wp/v2/posts/7"}]},
        } | changes
        return id_

    def pingback(self, source: str, excerpt: str) -> int:
        return self.comment(
            excerpt, type="pingback", author_url=source, author_email="",
            author_name="A page elsewhere",
        )  # fmt: skip

    def status(self, id_: int) -> object:
        return self.rows[id_]["status"]

    async def ask(self, site: Site, request: WordPressRequest) -> WordPressAnswer:
        assert site.wordpress == ACCESS
        self.asked.append(request)
        if self.is_away:
            raise FetchError("the blog could not be reached")
        if self.refusal is not None:
            return problem(*self.refusal)
        url = urlsplit(request.path)
        if url.path == "/xmlrpc.php":
            return self._edit(request.body.decode())
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        return self._route(query.pop("rest_route"), query, request)

    def _route(
        self, route: str, query: dict[str, str], request: WordPressRequest
    ) -> WordPressAnswer:
        if route == "/wp/v2/comments":
            return self._list(query)
        if route == "/wp/v2/posts/7":
            post = {"id": 7, "link": f"{BLOG}/2026/03/the-river", "type": "post"}
            more = {"title": {"rendered": "The river &#038; I"}, "comment_status": "open"}
            return said(post | more)
        if route == "/wp/v2/tags":
            return said([{"name": "rivers"}, {"name": "R&amp;B"}])
        row = self.rows.get(int(route.rpartition("/")[2]))
        if row is None:
            return problem(404, "rest_comment_invalid_id")
        if query.get("_method") == "DELETE":
            return self._bin(row)
        return self._update(row, request) if request.body else said(row)

    def _list(self, query: dict[str, str]) -> WordPressAnswer:
        assert query["context"] == "edit"
        assert query["type"] == "all"
        found = [row for id_, row in sorted(self.rows.items()) if id_ not in self.hides]
        found = [row for row in found if row["status"] in SHOWN[query["status"]]]
        if "include" in query:
            found = [row for row in found if str(row["id"]) in query["include"].split(",")]
        if query.get("order", "desc") == "desc":
            found.reverse()
        fields = query["_fields"].split(",")  # by their whole names: a part of one is none
        found = [{name: row[name] for name in fields if name in row} for row in found]
        offset, size = int(query.get("offset", "0")), int(query["per_page"])
        assert size <= 100
        return said(found[offset : offset + size], total=len(found))

    def _update(self, row: Row, request: WordPressRequest) -> WordPressAnswer:
        given = json.loads(request.body)
        if "author_ip" in given and not is_address(given["author_ip"]):
            return problem(400, "rest_invalid_param")
        row["author_ip"] = given.get("author_ip", OURS)
        if given.get("author_user_agent") or request.has_name:
            row["author_user_agent"] = given.get("author_user_agent") or "our own name"
        row["status"] = WORDS.get(given["status"], row["status"])
        return said(row)

    def _bin(self, row: Row) -> WordPressAnswer:
        if not self.has_bin:
            return problem(501, "rest_trash_not_supported")
        if row["status"] == "trash":
            return problem(410, "rest_already_trashed")
        row["status"] = "trash"
        return said(row)

    def _edit(self, body: str) -> WordPressAnswer:
        strings = re.findall(r"<string>([^<]*)</string>", body)
        assert strings[:3] == ["1", ACCESS.user, ACCESS.password]
        self.rows[int(strings[3])]["status"] = WORDS[strings[4]]
        return WordPressAnswer(200, b"<methodResponse><boolean>1</boolean></methodResponse>")


def said(value: object, *, total: int | None = None) -> WordPressAnswer:
    return WordPressAnswer(200, json.dumps(value).encode(), total=total)


def problem(status: int, code: str) -> WordPressAnswer:
    return WordPressAnswer(status, json.dumps({"code": code, "message": "No"}).encode())


def is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
