"""What a reader would read of a content that was sent with markup."""

import re

import turbohtml

from moderator.domain.submission import Format

TAG = re.compile("<[^<>]*>")


def plain(content: str, form: Format) -> str:
    """Return HTML without its tags and entities, anything else as it is.

    Where a browser would show nothing of it (all is a script), what sanitizers leave of it counts:
    most take the tags alone.
    """
    if form is Format.HTML and ("<" in content or "&" in content):
        text = turbohtml.parse_fragment(content).to_text().strip()
        return text or TAG.sub(" ", content).strip()
    return content
