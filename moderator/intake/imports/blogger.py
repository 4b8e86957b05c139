"""Blogger's export (Atom): of Google Takeout, and the one of the settings page before it.

Comments may come before their posts, so posts are read first. Older exports say what an entry is by
a category, newer ones by `blogger:type` (which authors have as well, and mean themselves).
"""

import re
from collections.abc import Iterator

from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.xml_stream import Element, children

NAME = "blogger"
TITLE = "Blogger"
CANNOT_SAY: tuple[str, ...] = (
    "Blogger exports no IP addresses, and no e-mail address of an account that hides it.",
    "Of a file that says no status everything is taken for published.",
)
KIND = "http://schemas.google.com/blogger/2008/kind#"
ENTRY = frozenset({"entry"})
NUMBER = re.compile(r"[0-9]{1,40}$")  # at the end of an Atom id: what Blogger's API calls it
NOBODY = "noreply@blogger.com"  # what stands where an account shows no e-mail address
STATUSES = {
    "": "approved", "LIVE": "approved", "PENDING": "hold", "SPAM": "spam", "SPAM_COMMENT": "spam",
}  # fmt: skip
EMPTIED = "EMPTIED"


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such export."""
    posts: dict[str, Post] = {}
    for each in children(file, "feed", ENTRY):
        if _kind(each) in ("post", "page"):
            posts[_number(each.text("id"))] = _post(each)
    for each in children(file, "feed", ENTRY):
        if _kind(each) == "comment":
            yield _comment(each, posts)


def _kind(each: Element) -> str:
    terms = (attributes.get("term", "") for attributes in each.every("category"))
    old = next((term.removeprefix(KIND) for term in terms if term.startswith(KIND)), "")
    return old or each.text("blogger:type").lower()


def _number(id_: str) -> str:
    found = NUMBER.search(id_)
    return found[0] if found else id_


def _post(each: Element) -> Post:
    tags = [
        attributes.get("term", "")
        for attributes in each.every("category")
        if not attributes.get("term", "").startswith(KIND)
    ]
    return Post(
        id=_number(each.text("id")),
        url=_alternate(each).partition("?")[0],
        title=each.text("title"),
        tags=tuple(tags),
        published=read_date(each.text("published")),
    )


def _alternate(each: Element) -> str:
    links = each.every("link")
    return next((link.get("href", "") for link in links if link.get("rel") == "alternate"), "")


def _comment(each: Element, posts: dict[str, Post]) -> ExportedComment | PassedOver:
    native = each.text("blogger:status")
    if native == EMPTIED:
        return PassedOver("deleted at the blog")
    is_thrown = bool(each.text("blogger:trashed"))
    email = each.text("author/email")
    parent = each.text("blogger:inReplyTo") or _related(each)
    return ExportedComment(
        id=_number(each.text("id")),
        status="trash" if is_thrown else STATUSES.get(native, ""),
        content=each.text("content"),
        format=Format.HTML,
        created=read_date(each.text("published")),
        is_decided=native != "PENDING",
        parent=_number(parent),
        author=Author(
            name=each.text("author/name"),
            email="" if email == NOBODY else email,
            url=each.text("author/uri"),
        ),
        post=posts.get(_number(_under(each)), Post(id=_number(_under(each)))),
        link=_alternate(each),
        native=native,
    )


def _under(each: Element) -> str:
    """The id of the post."""
    refs = (attributes.get("ref", "") for attributes in each.every("thr:in-reply-to"))
    return each.text("blogger:parent") or next(refs, "")


def _related(each: Element) -> str:
    """What it answers, in older exports: the address of that comment's own feed."""
    links = each.every("link")
    return next((link.get("href", "") for link in links if link.get("rel") == "related"), "")
