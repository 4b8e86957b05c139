"""Writes an export of a WordPress blog as its exporter does: posts and their comments."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.comments import OPENINGS, WORDS

POSTS = 500
START = datetime(2012, 1, 1, 8, 0, tzinfo=UTC)
READERS = 20_000
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>A blog</title><link>https://blog.example.org</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://blog.example.org</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"
ITEM = """<item><title><![CDATA[About {topic}]]></title><link>https://blog.example.org/{id}/{topic}/</link>
<content:encoded><![CDATA[{body}]]></content:encoded>
<wp:post_id>{id}</wp:post_id><wp:post_date_gmt><![CDATA[{at}]]></wp:post_date_gmt>
<category domain="post_tag" nicename="{topic}"><![CDATA[{topic}]]></category>
"""
COMMENT = """<wp:comment><wp:comment_id>{id}</wp:comment_id>
<wp:comment_author><![CDATA[{name}]]></wp:comment_author>
<wp:comment_author_email><![CDATA[{email}]]></wp:comment_author_email>
<wp:comment_author_url>{url}</wp:comment_author_url>
<wp:comment_author_IP><![CDATA[{ip}]]></wp:comment_author_IP>
<wp:comment_date><![CDATA[{at}]]></wp:comment_date>
<wp:comment_date_gmt><![CDATA[{at}]]></wp:comment_date_gmt>
<wp:comment_content><![CDATA[{content}]]></wp:comment_content>
<wp:comment_approved><![CDATA[{status}]]></wp:comment_approved>
<wp:comment_type><![CDATA[{type}]]></wp:comment_type>
<wp:comment_parent>{parent}</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>
<wp:commentmeta><wp:meta_key><![CDATA[akismet_result]]></wp:meta_key>
<wp:meta_value><![CDATA[false]]></wp:meta_value></wp:commentmeta>
</wp:comment>
"""


def write(path: Path, comments: int, *, posts: int = POSTS) -> None:
    """Write an export with so many comments, the same for the same numbers."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for piece in _pieces(comments, posts):
            file.write(piece)
        file.write(TAIL)


def _pieces(comments: int, posts: int) -> Iterator[str]:
    chance = random.Random(13)  # noqa: S311  # the same file every time
    number, each = 0, -(-comments // posts)
    for post in range(1, posts + 1):
        topic = WORDS[post % len(WORDS)]
        at = START + timedelta(days=post * 8)
        yield ITEM.format(
            topic=topic, id=post, at=f"{at:%Y-%m-%d %H:%M:%S}", body=_text(chance, 300)
        )
        for _ in range(min(each, comments - number)):
            number += 1
            at += timedelta(minutes=chance.randrange(1, 90))
            yield _comment(chance, number, at)
        yield "</item>\n"


def _comment(chance: random.Random, number: int, at: datetime) -> str:
    reader = int(READERS * chance.random() ** 2)
    status = chance.choices(("1", "0", "trash"), (96, 1, 3))[0]
    is_ping = chance.random() < 0.03
    link = f' See <a href="https://page{reader % 300}-example.org/a">this</a>.'
    return COMMENT.format(
        id=number,
        name=f"{WORDS[reader % len(WORDS)].title()} {WORDS[reader // 7 % len(WORDS)].title()}",
        email="" if is_ping else f"reader{reader}@example.org",
        url=f"https://site{reader % 900}-example.org/" if is_ping or reader % 4 == 0 else "",
        ip=f"192.0.2.{reader % 250}",
        at=f"{at:%Y-%m-%d %H:%M:%S}",
        content=_text(chance, chance.randrange(8, 90)) + (link if number % 9 == 0 else ""),
        status=status,
        type="pingback" if is_ping else "comment",
        parent=number - 1 if number % 5 == 0 else 0,
    )


def _text(chance: random.Random, words: int) -> str:
    return " ".join((chance.choice(OPENINGS), *chance.choices(WORDS, k=words)))
