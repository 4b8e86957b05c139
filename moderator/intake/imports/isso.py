"""Isso's database (SQLite), read as it is: comments by their numbers."""

from collections.abc import Iterator

from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.sqlite_rows import rows

NAME = "isso"
TITLE = "Isso"
CANNOT_SAY: tuple[str, ...] = (
    "Isso knows no spam: what was deleted is passed over, whatever it was.",
    "It keeps addresses cut to their network, so who writes from one address is not told apart.",
)
PUBLIC, PENDING, DELETED = 1, 2, 4
STATUSES = {PUBLIC: "approved", PENDING: "hold"}
COMMENTS = (
    "SELECT c.id, c.parent, c.created, c.mode, c.text, c.author, c.email, c.website, c.remote_addr,"
    " t.uri, t.title FROM comments c LEFT JOIN threads t ON t.id = c.tid ORDER BY c.id"
)


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such database."""
    for row in rows(file, COMMENTS, "comments", "threads"):
        id_, parent, created, mode, text, author, email, website, address, uri, title = row
        if mode == DELETED:  # its text is empty, its author is still there
            yield PassedOver("deleted at the blog")
            continue
        yield ExportedComment(
            id=str(id_),
            status=STATUSES.get(mode, ""),
            content=str(text or ""),
            format=Format.MARKDOWN,
            created=read_date(created),
            is_decided=mode == PUBLIC,
            parent=str(parent or ""),
            author=Author(
                name=str(author or ""),
                email=str(email or ""),
                url=str(website or ""),
                ip=str(address or ""),
            ),
            # The address of a thread is a path of the blog, whose host the database does not know.
            post=Post(id=str(uri or ""), url=str(uri or ""), title=str(title or "")),
            native=str(mode),
        )
