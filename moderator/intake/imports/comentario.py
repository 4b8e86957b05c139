"""Comentario's export (JSON, packed), version 3: pages, comments, then who wrote them."""

from collections.abc import Iterator

from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.json_stream import Row, check_version, items, words

NAME = "comentario"
TITLE = "Comentario"
CANNOT_SAY: tuple[str, ...] = (
    "Comentario knows no spam: what was rejected is imported as thrown away, and teaches nothing.",
    "It names the paths of pages, and not the host of the blog.",
)
NOBODY = "00000000-0000-0000-0000-000000000000"  # its account for who has none
NOT_SIGNED_IN = frozenset({"", NOBODY})


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such export. Pages and authors are kept meanwhile."""
    check_version(file, (3,), TITLE)
    pages = {words(each, "id"): _page(each) for each in items(file, "pages")}
    authors = {words(each, "id"): _author(each) for each in items(file, "commenters")}
    for each in items(file, "comments"):
        yield _comment(each, pages, authors)


def _page(each: Row) -> Post:
    path = words(each, "path")
    return Post(id=path, url=path, title=words(each, "title"))


def _author(each: Row) -> Author:
    return Author(
        id=words(each, "id"),
        name=words(each, "name"),
        email=words(each, "email"),
        url=words(each, "websiteUrl"),
        role="moderator" if each.get("isModerator") else "",
        provider=words(each, "federatedIdP"),
        is_authenticated=True,
    )


def _comment(
    each: Row, pages: dict[str, Post], authors: dict[str, Author]
) -> ExportedComment | PassedOver:
    if each.get("isDeleted"):
        return PassedOver("deleted at the blog")
    is_pending, content = bool(each.get("isPending")), words(each, "markdown")
    status = "hold" if is_pending else "approved" if each.get("isApproved") else "trash"
    who, parent = words(each, "userCreated"), words(each, "parentId")
    name = words(each, "authorName")
    return ExportedComment(
        id=words(each, "id"),
        status=status,
        content=content or words(each, "html"),
        format=Format.MARKDOWN if content else Format.HTML,
        created=read_date(each.get("createdTime")),
        is_decided=not is_pending,
        parent="" if parent == NOBODY else parent,
        author=Author(name=name) if who in NOT_SIGNED_IN else authors.get(who, Author(name=name)),
        post=pages.get(words(each, "pageId"), Post()),
    )
