"""django-contrib-comments: what `dumpdata django_comments` writes, or its SQLite database."""

from collections.abc import Iterator

from moderator.domain.errors import MalformedError
from moderator.domain.submission import Author, Format, Post
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.json_stream import Row, items, words
from moderator.intake.imports.sqlite_rows import rows

NAME = "django-contrib-comments"
TITLE = "django-contrib-comments"
CANNOT_SAY: tuple[str, ...] = (
    "It knows no spam: removed comments are imported as thrown away, and teach nothing.",
    "It names the object that was commented on, and neither its address nor its title.",
)
MODEL = "django_comments.comment"
FIELDS = (
    "content_type_id", "object_pk", "user_id", "user_name", "user_email", "user_url", "comment",
    "submit_date", "ip_address", "is_public", "is_removed",
)  # fmt: skip
COMMENTS = f"SELECT id, {', '.join(FIELDS)} FROM django_comments ORDER BY id"  # noqa: S608  # our own words


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is neither."""
    if file.is_sqlite:
        for id_, *values in rows(file, COMMENTS, "django_comments"):
            yield _comment(str(id_), dict(zip(FIELDS, values, strict=True)))
        return
    is_dump = False
    for row in items(file):
        fields = row.get("fields")
        is_dump |= "model" in row and isinstance(fields, dict)
        if row.get("model") == MODEL and isinstance(fields, dict):
            named = {"content_type_id": fields.get("content_type"), "user_id": fields.get("user")}
            yield _comment(words(row, "pk"), {**fields, **named})
    if not is_dump:
        raise MalformedError("This is no dump of Django: it has no list of models")


def _comment(id_: str, said: Row) -> ExportedComment:
    is_removed, is_public = bool(said.get("is_removed")), bool(said.get("is_public"))
    status = "trash" if is_removed else "approved" if is_public else "hold"
    account = _key(said.get("user_id"))
    return ExportedComment(
        id=id_,
        status=status,
        content=words(said, "comment"),
        format=Format.TEXT,
        created=read_date(said.get("submit_date")),
        is_decided=status != "hold",
        author=Author(
            id=account,
            name=words(said, "user_name") or account,
            email=words(said, "user_email"),
            url=words(said, "user_url"),
            ip=words(said, "ip_address"),
            is_authenticated=bool(account),
        ),
        post=Post(id=f"{_key(said.get('content_type_id'))}/{words(said, 'object_pk')}".strip("/")),
    )


def _key(value: object) -> str:
    """A primary key, or a natural one (`dumpdata --natural-foreign`), as text."""
    if isinstance(value, list):
        return ".".join(str(part) for part in value)
    return "" if value is None else str(value)
