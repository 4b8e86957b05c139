"""What the WordPress plugin sends of a comment, and what its export says, are one comment."""

from pathlib import Path

import pytest

from moderator.domain.events.known import content_digest
from tests.intake.ground import parse
from tests.intake.imports.test_wordpress import record


def event(**changes: object) -> dict[str, object]:
    """As integrations/wordpress/moderator-bridge/includes/event.php makes it of the same row."""
    comment = {
        "id": "17", "type": "comment", "parent_id": None, "status": "approved",
        "content": {"raw": "It was <em>finished</em> in 1911.", "format": "html"},
        "published": "2026-03-04T12:00:00Z", "version": "1",
    }  # fmt: skip
    author = {
        "name": "Tea & Co", "email": "alice@example.org",
        "url": "https://alice.example.org/?a=1&b=2", "ip": "192.0.2.10",
    }  # fmt: skip
    linkback = changes.pop("linkback", None)
    return {
        "type": "comment.updated",
        "timestamp": "2026-03-09T12:00:00Z",
        "data": {
            "site": {"id": "blog"},
            "comment": comment | changes,
            "author": author,
            "post": {"id": "7", "url": "https://blog.example.org/7/", "title": "The & river"},
            "linkback": linkback,
        },
    }


STORED = {
    "author": "<![CDATA[Tea &amp; Co]]>",
    "author_url": "https://alice.example.org/?a=1&amp;b=2",
}
CLAIM = {
    "protocol": "pingback",
    "source": "https://alice.example.org/?a=1&b=2",
    "target": "https://blog.example.org/7/",
    "source_title": "Tea & Co",
    "excerpt": "It was finished in 1911.",
}


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ({}, {}),
        ({"parent": "12"}, {"parent_id": "12", "type": "reply"}),
        ({"type": "pingback"}, {"type": "pingback", "linkback": CLAIM}),
        ({"author_url": "https://alice.example.org/?a=1&b=2"}, {}),  # a plugin's insert
    ],
)
def test_an_event_about_an_imported_comment_says_nothing_new(
    tmp_path: Path, stored: dict[str, str], sent: dict[str, object]
) -> None:
    imported = record(tmp_path, **(STORED | stored)).submission
    told = parse(event(**sent)).submission
    assert imported.platform_id == told.platform_id
    assert imported.author.name == told.author.name
    assert content_digest(imported) == content_digest(told)
