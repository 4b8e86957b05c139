"""The events that clients send: comments of their own, so that none is a copy of another."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from tests.processes import ROOT

WORDS = sorted(set((ROOT / "docs" / "architecture.md").read_text().split()))
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Event:
    """`order` is its place among those about its comment; `marker` is in the words it brings."""

    kind: str
    comment: str
    order: int
    marker: str
    data: Json

    @property
    def body(self) -> Json:
        at = BEGIN + timedelta(seconds=self.order)
        return {"type": self.kind, "timestamp": at.isoformat(), "data": self.data}


def words(random: Random) -> str:
    """Words that hold nothing of their own, in an order that never was."""
    return " ".join(word for word in random.sample(WORDS, 25) if word.isascii() and word.isalpha())


def created(
    site: str, comment: str, random: Random, *, more: str = "", is_held: bool = False
) -> Event:
    text = f"{words(random)} {more}"
    return _content("comment.created", (site, comment, 0), text, is_held=is_held)


def edited(site: str, comment: str, order: int, random: Random, *, is_held: bool = False) -> Event:
    return _content("comment.updated", (site, comment, order), words(random), is_held=is_held)


def about(now: Event, order: int, kind: str, *, status: str = "") -> Event:
    """A report, or the blog's own decision, with the comment as it stood then."""
    comment = dict(now.data["comment"])  # type: ignore[call-overload]  # JSON
    if status:
        comment["status"] = status
    return Event(kind, now.comment, order, "", {**now.data, "comment": comment})


def deleted(site: str, comment: str, order: int) -> Event:
    data: Json = {"site": {"id": site}, "comment": {"id": comment}}
    return Event("comment.deleted", comment, order, "", data)


def _content(kind: str, which: tuple[str, str, int], text: str, *, is_held: bool) -> Event:
    """What is held has the hidden field filled in as browsers do it: a person must look."""
    site, comment, order = which
    mail, marker = f"{comment}@example.org", f"marker-{comment}-{order}-"
    data: Json = {
        "site": {"id": site},
        "comment": {
            "id": comment,
            "type": "comment",
            "content": {"raw": f"{marker} {text}", "format": "text"},
            "published": BEGIN.isoformat(),
        },
        "author": {"name": f"Reader {comment}", "email": mail},
        "post": {
            "id": comment,
            "url": f"https://blog.example.org/{comment}",
            "title": f"Page {comment}",
        },
        "request": {"honeypot": {"name": "website", "value": mail if is_held else ""}},
    }
    return Event(kind, comment, order, marker, data)
