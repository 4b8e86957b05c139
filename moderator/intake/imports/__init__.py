"""One file per format of a site's history: a file in, records out, one after the other."""

from collections.abc import Iterator
from typing import Protocol

from moderator.domain.decisions.exported import SiteExport, SubmissionRecord, Tombstone
from moderator.intake.imports import (
    blogger,
    comentario,
    commento,
    disqus,
    django_contrib_comments,
    isso,
    moderator,
    movable_type,
    remark42,
    staticman,
    wordpress,
)
from moderator.intake.imports.comment import ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile

Found = ExportedComment | PassedOver | SiteExport | SubmissionRecord | Tombstone


class ExportFormat(Protocol):
    """One format: a module of this folder."""

    NAME: str  # as it is typed
    TITLE: str  # as people call it
    CANNOT_SAY: tuple[str, ...]  # sentences for whoever imports such a file

    def read(self, file: ExportFile) -> Iterator[Found]:
        """What the file holds, in one order. Raises MalformedError where it is no such file."""
        ...


FORMATS: tuple[ExportFormat, ...] = (
    wordpress,
    disqus,
    isso,
    django_contrib_comments,
    blogger,
    movable_type,
    staticman,
    remark42,
    commento,
    comentario,
    moderator,
)
BY_NAME = {each.NAME: each for each in FORMATS}
