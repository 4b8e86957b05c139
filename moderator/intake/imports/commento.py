"""Commento's export (JSON, packed): all comments, then who wrote them.

Its list of commenters has each as often as they wrote. Comentario wrote the same at first.
"""

from collections.abc import Iterator

from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.json_stream import Row, check_version, items, words

NAME = "commento"
TITLE = "Commento"
CANNOT_SAY: tuple[str, ...] = (
    "Commento exports no IP addresses; what its filter flagged waits for a person here.",
)
STATUSES = {"approved": "approved", "unapproved": "hold", "flagged": "hold"}
DELETED = "[deleted]"
ROOT = "root"
ANONYMOUS = "anonymous"
NOBODY = frozenset({ANONYMOUS, "0" * 64, ""})


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such export. Authors are kept meanwhile."""
    check_version(file, (1,), TITLE)
    authors = {words(each, "commenterHex"): _author(each) for each in items(file, "commenters")}
    for each in items(file, "comments"):
        yield _comment(each, authors)


def _author(each: Row) -> Author:
    link = words(each, "websiteUrl", "link")
    return Author(
        id=words(each, "commenterHex"),
        name=words(each, "name"),
        email=words(each, "email"),
        url="" if link == "undefined" else link,
        role="moderator" if each.get("isModerator") else "",
        provider=words(each, "provider"),
        is_authenticated=True,
    )


def _comment(each: Row, authors: dict[str, Author]) -> ExportedComment | PassedOver:
    content = words(each, "markdown")
    if each.get("deleted") or content == DELETED:
        return PassedOver("deleted at the blog")
    state, who = words(each, "state"), words(each, "commenterHex")
    parent, path = words(each, "parentHex"), words(each, "path", "url")
    host = words(each, "domain", "host")
    return ExportedComment(
        id=words(each, "commentHex"),
        status=STATUSES.get(state, ""),
        content=content or words(each, "html"),
        format=Format.MARKDOWN if content else Format.HTML,
        created=read_date(each.get("creationDate")),
        is_decided=state == "approved",
        parent="" if parent == ROOT else parent,
        author=Author(name="Anonymous") if who in NOBODY else authors.get(who, Author(id=who)),
        post=Post(id=path, url=f"https://{host}/{path.lstrip('/')}" if host else ""),
        native=state,
    )
