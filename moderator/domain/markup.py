"""What a reader would read of a content that was sent with markup."""

import turbohtml

from moderator.domain.submission import Format


def plain(content: str, form: Format) -> str:
    """Return HTML without its tags and entities, anything else as it is."""
    if form is Format.HTML and ("<" in content or "&" in content):
        return turbohtml.parse_fragment(content).to_text().strip()
    return content
