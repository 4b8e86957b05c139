"""What is said of one endpoint: what it takes, what it answers, what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass

from moderator.web.answers import JSON
from moderator.web.openapi.fields import Field

TEXT = "text/plain; charset=utf-8"
XML = "text/xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
FORM = "application/x-www-form-urlencoded"
EVENTS, LINKBACKS, PUBLIC, PLATFORMS, AKISMET, BLOGSPAM, OURSELVES = TAGS = (
    "Submissions", "Linkbacks", "Feeds", "Platforms", "Akismet", "blogspam.net", "The service",
)  # fmt: skip
WHO = (401, 403)
SENT = (409, 411, 415, 422, 429)


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or answered: a shape of schemas.py, a form's fields, or bare text."""

    media: str = JSON
    shape: str = ""
    form: tuple[Field, ...] = ()
    words: tuple[str, ...] = ()  # all that the text can be, where that is few
    example: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    says: str
    bodies: tuple[Body, ...] = ()
    headers: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint; `refuses` are the statuses of problems beside those that any request meets."""

    tag: str
    summary: str
    answers: Mapping[int, Answer]
    takes: Body | None = None
    parameters: tuple[Field, ...] = ()
    refuses: tuple[int, ...] = ()
    is_open: bool = True  # to anybody; else a bearer key or a signature is needed
    notes: str = ""


def of_shape(name: str, says: str) -> Answer:
    return Answer(says, (Body(shape=name),))


def of_text(says: str, *words: str, headers: tuple[Field, ...] = ()) -> Answer:
    return Answer(says, (Body(TEXT, words=words),), headers)
