"""A comment of a WordPress in the words of our own webhook, as its plugin would send it."""

import re

from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.platforms.wordpress_rest.answers import WordPressComment, WordPressPost

COMMENT_PAGE = re.compile(r"/comment-page-[0-9]{1,9}/?\Z")
DATE = re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
TITLED = re.compile(r"<strong>([^<]*)</strong>\s*", re.ASCII)


def event(
    site_id: str, comment: WordPressComment, post: WordPressPost | None, kinds: tuple[str, ...]
) -> dict[str, object]:
    """The data of an event in the words of our webhook; `kinds` are those of linkbacks."""
    is_linkback = comment.type in kinds
    usual = "reply" if comment.parent else "comment"
    return {
        "site": {"id": site_id, "platform": "wordpress"},
        "comment": {
            "id": str(comment.id),
            "type": comment.type if is_linkback else usual,
            "parent_id": str(comment.parent) if comment.parent else None,
            "status": comment.status,
            "status_native": comment.status,
            "content": {"raw": _text(comment.content.raw), "format": "html"},
            "link": _line(comment.link) or None,
            "published": _utc(comment.date_gmt),
        },
        "author": {
            "id": str(comment.author) if comment.author else "",
            "name": _line(comment.author_name),
            "email": _line(comment.author_email),
            "url": _line(comment.author_url),
            "ip": _line(comment.author_ip),
            "user_agent": _line(comment.author_user_agent),
            "is_authenticated": bool(comment.author),
        },
        "post": _post(comment, post),
        "linkback": _linkback(comment) if is_linkback else None,
        "ref": f"wp-{comment.id}",
    }


def named(site_id: str, comment_id: str, status: str = "") -> dict[str, object]:
    """The data of an event that only names a comment."""
    comment = {"id": comment_id, "status": status} if status else {"id": comment_id}
    return {"site": {"id": site_id}, "comment": comment}


def _post(comment: WordPressComment, post: WordPressPost | None) -> dict[str, object]:
    post = post or WordPressPost()
    is_open = {"open": True, "closed": False}.get(post.comment_status)
    return {
        "id": str(comment.post),
        "url": post.link or COMMENT_PAGE.sub("", comment.link.partition("#")[0]),
        "title": plain(post.title.rendered, Format.HTML)[:1024],
        "tags": list(post.tags),
        "published": _utc(post.date_gmt),
        "comments_open": is_open,
    }


def _linkback(comment: WordPressComment) -> dict[str, object]:
    """The claim: of a pingback the author is the source's title, a trackback has it in bold."""
    title, excerpt = _line(comment.author_name), _text(comment.content.raw)
    if comment.type == "trackback" and (found := TITLED.match(excerpt)):
        title, excerpt = found[1], excerpt[found.end() :]
    return {
        "protocol": comment.type,
        "source": _line(comment.author_url),
        "source_title": title[:1024],
        "excerpt": plain(excerpt, Format.HTML),
    }


def _utc(date: str | None) -> str | None:
    """A date of the database in RFC 3339; None for WordPress' "no date"."""
    return f"{date}Z" if DATE.fullmatch(date or "") else None


def _text(text: str) -> str:
    return text.replace("\0", "")  # which no database of ours need store


def _line(text: str | None) -> str:
    return (text or "").replace("\0", "")[:2048]
