"""Disqus' export (XML): threads, then posts. Posts are known by `dsq:id`."""

from collections.abc import Iterator

from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.xml_stream import Element, children

NAME = "disqus"
TITLE = "Disqus"
CANNOT_SAY: tuple[str, ...] = (
    "Disqus has no word for what waits: all that is neither spam nor deleted counts as published.",
    "Whether a person or its filter called one spam it does not say.",
)
ID = "dsq:id"
YES = "true"


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such export. Threads are kept while posts are read."""
    threads: dict[str, Post] = {}
    for each in children(file, "disqus", frozenset({"thread", "post"})):
        if each.tag == "thread":
            id_ = each.attributes.get(ID, "")
            threads[id_] = Post(
                # The page's own name where it has one: that is what a blog calls it.
                id=each.text("id") or id_,
                url=each.text("link"),
                title=each.text("title"),
                published=read_date(each.text("createdAt")),
            )
        else:
            yield _post(each, threads)


def _post(each: Element, threads: dict[str, Post]) -> ExportedComment | PassedOver:
    is_spam = each.text("isSpam") == YES
    if each.text("isDeleted") == YES and not is_spam:
        return PassedOver("deleted at the blog")
    return ExportedComment(
        id=each.attributes.get(ID, ""),
        status="spam" if is_spam else "approved",
        content=each.text("message"),
        format=Format.HTML,
        created=read_date(each.text("createdAt")),
        parent=_named(each, "parent"),
        author=_author(each),
        post=threads.get(_named(each, "thread"), Post()),
    )


def _author(each: Element) -> Author:
    account = each.text("author/username")
    is_known = bool(account) and each.text("author/isAnonymous") != YES
    return Author(
        id=account if is_known else "",
        name=each.text("author/name"),
        email=each.text("author/email"),
        url=each.text("author/link"),
        ip=each.text("ipAddress"),
        provider="disqus" if is_known else "",
        is_authenticated=is_known,
    )


def _named(each: Element, path: str) -> str:
    return next((attributes.get(ID, "") for attributes in each.every(path)), "")
