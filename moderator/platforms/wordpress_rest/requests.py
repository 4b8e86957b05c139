"""What the REST API of a WordPress is asked.

Read from WordPress 6.1.9 and 6.8.12 and seen on both:

- Setting a status also overwrites the commenter's address and browser with those of the caller,
  unless the same request sends them back. An address that is no IP address makes it 400: such rows
  are changed by XML-RPC, which leaves both alone.
- Without a bin the status `trash` deletes for good; `DELETE` answers 501 then.
- A status word that nobody knows is answered 200 and changes nothing: the answer's status counts.
- `date_gmt` has no zone.
- Comments have no parts of fields: who asks for `content.raw` gets no content at all.
- Who may not moderate gets an empty list of held comments; with `context=edit` it is 403.
"""

import re
from dataclasses import dataclass
from html import escape
from ipaddress import ip_address
from urllib.parse import unquote, urlencode

import msgspec

from moderator.domain.site import WordPressAccess
from moderator.platforms.wordpress_rest.answers import WordPressComment, WordPressPost

PAGE = 20  # comments of one answer: with the longest texts, escaped at their worst, 20 MB
MANY = 100  # of which only the status is asked
COMMENTS = "/wp/v2/comments"
CONTENT_FIELDS = (
    "id,post,parent,author,author_name,author_email,author_url,author_ip,author_user_agent,"
    "date_gmt,content,link,status,type,_links"
)
STATUS_FIELDS = "id,status,author_ip,author_user_agent"
POST_FIELDS = "id,link,title.rendered,date_gmt,comment_status,type"
WORDS = {"approved": "approve", "hold": "hold", "spam": "spam"}  # `trash` has a way of its own
ROUTE_OF_POST = re.compile(r"/wp/v2/[A-Za-z0-9_-]{1,64}/[0-9]{1,18}\Z")
# What WordPress would change of a browser's name that is sent back to it.
UNEVEN = re.compile(r"[<\x00-\x1f\x7f]|%[0-9A-Fa-f]{2}|  ")
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class WordPressRequest:
    """One request to a blog: `path` below its home, a GET where there is no body.

    `has_name` says whether it may carry our User-Agent.
    """

    path: str
    body: bytes = b""
    media_type: str = "application/json"
    has_name: bool = True


def held(offset: int, size: int = PAGE) -> WordPressRequest:
    """Comments and pingbacks on hold, the newest first."""
    wanted = {"status": "hold", "orderby": "id", "order": "desc", "offset": str(offset)}
    return _comments(CONTENT_FIELDS, size, wanted)


def statuses(ids: list[str]) -> WordPressRequest:
    """What has become of these comments, spam and bin included."""
    return _comments(STATUS_FIELDS, MANY, {"status": "any", "include": ",".join(ids)})


def one(comment_id: str) -> WordPressRequest:
    wanted = {"context": "edit", "_fields": STATUS_FIELDS}
    return WordPressRequest(_path(f"{COMMENTS}/{comment_id}", wanted))


def post_of(comment: WordPressComment) -> WordPressRequest | None:
    """The page that is commented on, None where the comment does not say where that is told."""
    for link in comment.links.up:
        found = ROUTE_OF_POST.search(unquote(link.href)[:4096])
        if found is not None:
            return WordPressRequest(_path(found[0], {"_fields": POST_FIELDS}))
    return None


def tags_of(post: WordPressPost) -> WordPressRequest:
    wanted = {"post": str(post.id), "per_page": "50", "_fields": "name"}
    return WordPressRequest(_path("/wp/v2/tags", wanted))


def set_status(comment: WordPressComment, status: str, access: WordPressAccess) -> WordPressRequest:
    """The request that gives a comment this status, and changes nothing else of it."""
    route = f"{COMMENTS}/{comment.id}"
    if status == "trash":
        return WordPressRequest(_path(route, {"_method": "DELETE"}), b"{}")
    address, browser = comment.author_ip or "", comment.author_user_agent or ""
    if not _is_address(address):
        return _by_xmlrpc(comment.id, WORDS[status], access)
    body = {"status": WORDS[status], "author_ip": address}
    is_even = bool(browser) and browser == browser.strip() and not UNEVEN.search(browser)
    if is_even:
        body["author_user_agent"] = browser
    return WordPressRequest(_path(route), _encoder.encode(body), has_name=is_even)


def _comments(fields: str, size: int, wanted: dict[str, str]) -> WordPressRequest:
    always = {"context": "edit", "type": "all", "per_page": str(size), "_fields": fields}
    return WordPressRequest(_path(COMMENTS, always | wanted))


def _path(route: str, query: dict[str, str] | None = None) -> str:
    """By `rest_route` the API answers whatever the blog's permalinks look like."""
    return "/?" + urlencode({"rest_route": route, **(query or {})})


def _by_xmlrpc(comment_id: int, word: str, access: WordPressAccess) -> WordPressRequest:
    values = ("1", access.user, access.password, str(comment_id))
    strings = "".join(
        f"<param><value><string>{escape(value)}</string></value></param>" for value in values
    )
    change = f"<member><name>status</name><value><string>{word}</string></value></member>"
    body = (
        '<?xml version="1.0"?><methodCall><methodName>wp.editComment</methodName>'
        f"<params>{strings}<param><value><struct>{change}</struct></value></param></params>"
        "</methodCall>"
    )
    return WordPressRequest("/xmlrpc.php", body.encode(), "text/xml")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text
