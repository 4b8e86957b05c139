"""A small file of each format, as the program writes it: two comments that stand, and what else.

Programs that could be run here are run by `make exports`, which compares their own files.
"""

import json
import sqlite3
from pathlib import Path

DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>blog</forum><title>General</title></category>
<thread dsq:id="70"><id>river-1</id><forum>blog</forum><category dsq:id="1"/>
<link>https://blog.example.org/river/</link><title>The river</title><message/>
<createdAt>2026-03-01T08:00:00Z</createdAt>
<author><name>The owner</name><isAnonymous>false</isAnonymous><username>owner</username></author>
<isClosed>false</isClosed><isDeleted>false</isDeleted></thread>
<post dsq:id="17"><id>wp_id=4</id><message><![CDATA[<p>It was finished in 1911.</p>]]></message>
<createdAt>2026-03-04T12:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><email>alice@example.org</email><name>Alice</name><isAnonymous>true</isAnonymous></author>
<ipAddress>192.0.2.10</ipAddress><thread dsq:id="70"/></post>
<post dsq:id="18"><message><![CDATA[<p>No, in 1912.</p>]]></message>
<createdAt>2026-03-04T13:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><name>Bob</name><isAnonymous>false</isAnonymous><username>bob</username></author>
<thread dsq:id="70"/><parent dsq:id="17"/></post>
<post dsq:id="19"><message><![CDATA[<p>Order a lamp</p>]]></message>
<createdAt>2026-03-04T14:00:00Z</createdAt><isDeleted>true</isDeleted><isSpam>true</isSpam>
<author><name>Lamp</name><isAnonymous>true</isAnonymous></author><thread dsq:id="70"/></post>
<post dsq:id="20"><message><![CDATA[<p>Oh</p>]]></message>
<createdAt>2026-03-04T15:00:00Z</createdAt><isDeleted>true</isDeleted><isSpam>false</isSpam>
<author><name>Carol</name><isAnonymous>true</isAnonymous></author><thread dsq:id="70"/></post>
</disqus>
"""
KIND = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"
BLOGGER = f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>
<id>tag:blogger.com,1999:blog-9</id><title type='text'>A blog</title>
<entry><id>tag:blogger.com,1999:blog-9.post-17</id><published>2026-03-04T12:00:00.000Z</published>
{KIND.format("comment")}<title type='text'>It was finished...</title>
<content type='html'>It was &lt;i&gt;finished&lt;/i&gt; in 1911.</content>
<link rel='alternate' type='text/html' href='https://blog.example.org/river.html?showComment=1#c17'/>
<author><name>Alice</name><uri>https://alice.example.org/</uri><email>noreply@blogger.com</email></author>
<thr:in-reply-to ref='tag:blogger.com,1999:blog-9.post-70'/></entry>
<entry><id>tag:blogger.com,1999:blog-9.post-18</id><published>2026-03-04T05:00:00.000-08:00</published>
{KIND.format("comment")}<content type='html'>No, in 1912.</content>
<link rel='related' href='http://www.blogger.com/feeds/9/70/comments/default/17'/>
<author><name>Bob</name></author>
<thr:in-reply-to ref='tag:blogger.com,1999:blog-9.post-70'/></entry>
<entry><id>tag:blogger.com,1999:blog-9.post-70</id><published>2026-03-01T08:00:00.000Z</published>
{KIND.format("post")}<category scheme='http://www.blogger.com/atom/ns#' term='Water'/>
<title type='text'>The river</title><content type='html'>Long ago</content>
<link rel='alternate' type='text/html' href='https://blog.example.org/river.html'/></entry>
</feed>
"""
TAKEOUT = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>tag:blogger.com,1999:blog-9</id><title>A blog</title>
<entry><id>tag:blogger.com,1999:blog-9.post-70</id><blogger:type>POST</blogger:type>
<blogger:status>LIVE</blogger:status><title>The river</title>
<published>2026-03-01T08:00:00Z</published>
<author><name>Owner</name><blogger:type>BLOGGER</blogger:type></author><blogger:trashed/></entry>
{comments}
</feed>
"""
TAKEOUT_COMMENT = """<entry><id>tag:blogger.com,1999:blog-9.post-{id}</id>
<blogger:parent>tag:blogger.com,1999:blog-9.post-70</blogger:parent><blogger:inReplyTo/>
<author><name>Alice</name><uri></uri><blogger:type>ANONYMOUS</blogger:type></author>
<blogger:type>COMMENT</blogger:type><blogger:status>{status}</blogger:status>
<content type="html">It was finished in 1911.</content>
<published>2026-03-04T12:00:00Z</published><blogger:trashed>{trashed}</blogger:trashed></entry>
"""
MOVABLE_TYPE = """AUTHOR: Owner
TITLE: The river
BASENAME: the_river
STATUS: Publish
ALLOW COMMENTS: 1
CONVERT BREAKS: richtext
PRIMARY CATEGORY: Water
DATE: 03/01/2026 08:00:00 AM
TAGS: "old bridges",tea
-----
BODY:
Long ago
-----
EXTENDED BODY:

-----

COMMENT:
AUTHOR: Alice
EMAIL: alice@example.org
IP: 192.0.2.10
URL: https://alice.example.org/
DATE: 03/04/2026 12:00:00 PM
It was finished in 1911.

NOTE: a second paragraph.
-----

COMMENT:
AUTHOR: Bob
EMAIL:
IP:
URL:
DATE: 03/04/2026 13:00:00
No, in 1912.
-----

PING:
TITLE: About a river
URL: https://far.example.org/a
IP: 192.0.2.20
BLOG NAME: Far away
DATE: 03/05/2026 12:30:00 AM
They wrote about a river.
-----
--------
"""
REMARK42 = "\n".join(
    json.dumps(each)
    for each in (
        {"version": 1, "users": [], "posts": [{"url": "https://blog.example.org/river/"}]},
        {
            "id": "17", "pid": "", "text": "<p>It was <em>finished</em> in 1911.</p>",
            "orig": "It was *finished* in 1911.",
            "user": {"name": "Alice", "id": "github_a1", "picture": "", "admin": False},
            "locator": {"site": "blog", "url": "https://blog.example.org/river/"},
            "score": 0, "time": "2026-03-04T12:00:00.123456789Z", "title": "The river",
        },
        {
            "id": "18", "pid": "17", "text": "<p>No, in 1912.</p>",
            "user": {"name": "Owner", "id": "email_b2", "picture": "", "admin": True},
            "locator": {"site": "blog", "url": "https://blog.example.org/river/"},
            "score": 0, "time": "2026-03-04T08:00:00-05:00",
        },
        {
            "id": "19", "pid": "", "text": "", "delete": True, "user": {"id": "deleted"},
            "locator": {"url": "https://blog.example.org/river/"}, "time": "2026-03-04T14:00:00Z",
        },
    )
)  # fmt: skip
HEX = "a" * 64
COMMENTO = json.dumps(
    {
        "version": 1,
        "comments": [
            {
                "commentHex": "17", "domain": "blog.example.org", "url": "/river/",
                "commenterHex": HEX, "markdown": "It was *finished* in 1911.",
                "parentHex": "root", "state": "approved", "creationDate": "2026-03-04T12:00:00Z",
            },
            {
                "commentHex": "18", "domain": "blog.example.org", "url": "/river/",
                "commenterHex": "anonymous", "markdown": "No, in 1912.",
                "parentHex": "17", "state": "unapproved", "creationDate": "2026-03-04T13:00:00Z",
            },
            {
                "commentHex": "19", "domain": "blog.example.org", "url": "/river/",
                "commenterHex": HEX, "markdown": "[deleted]",
                "parentHex": "root", "state": "approved", "creationDate": "2026-03-04T14:00:00Z",
            },
            {
                "commentHex": "20", "domain": "blog.example.org", "url": "/river/",
                "commenterHex": HEX, "markdown": "Order a lamp",
                "parentHex": "root", "state": "flagged", "creationDate": "2026-03-04T15:00:00Z",
            },
        ],
        "commenters": [{
            "commenterHex": HEX, "email": "alice@example.org", "name": "Alice",
            "link": "undefined", "provider": "commento",
        }] * 3,
    }
)  # fmt: skip
NOBODY = "00000000-0000-0000-0000-000000000000"
COMENTARIO = json.dumps(
    {
        "version": 3,
        "pages": [{"id": "p1", "path": "/river/", "title": "The river"}],
        "comments": [
            {
                "id": "17", "pageId": "p1", "userCreated": "u1", "isApproved": True,
                "markdown": "It was *finished* in 1911.", "html": "<p>…</p>",
                "createdTime": "2026-03-04T12:00:00.000Z",
            },
            {
                "id": "18", "parentId": "17", "pageId": "p1", "userCreated": NOBODY,
                "authorName": "Bob", "isPending": True, "markdown": "No, in 1912.",
                "createdTime": "2026-03-04T13:00:00.000Z",
            },
            {
                "id": "19", "pageId": "p1", "userCreated": "u1", "isDeleted": True,
                "createdTime": "2026-03-04T14:00:00.000Z",
            },
            {
                "id": "20", "pageId": "p1", "userCreated": NOBODY, "markdown": "Order a lamp",
                "createdTime": "2026-03-04T15:00:00.000Z",
            },
        ],
        "commenters": [{"id": "u1", "name": "Alice", "isModerator": True}],
    }
)  # fmt: skip
DJANGO = json.dumps(
    [
        {"model": "sites.site", "pk": 1, "fields": {"domain": "blog.example.org", "name": "blog"}},
        {
            "model": "django_comments.comment", "pk": 17,
            "fields": {
                "content_type": 7, "object_pk": "70", "site": 1, "user": None,
                "user_name": "Alice", "user_email": "alice@example.org",
                "user_url": "https://alice.example.org/", "comment": "It was finished in 1911.",
                "submit_date": "2026-03-04T12:00:00Z", "ip_address": "192.0.2.10",
                "is_public": True, "is_removed": False,
            },
        },
        {
            "model": "django_comments.comment", "pk": 18,
            "fields": {
                "content_type": ["blog", "entry"], "object_pk": "70", "site": 1, "user": ["bob"],
                "user_name": "", "user_email": "", "user_url": "", "comment": "No, in 1912.",
                "submit_date": "2026-03-04T13:00:00.123Z", "ip_address": None,
                "is_public": False, "is_removed": False,
            },
        },
        {
            "model": "django_comments.comment", "pk": 19,
            "fields": {
                "content_type": 7, "object_pk": "70", "user": 3, "user_name": "", "user_email": "",
                "user_url": "", "comment": "Oh", "submit_date": "2026-03-04T14:00:00Z",
                "ip_address": None, "is_public": True, "is_removed": True,
            },
        },
    ]
)  # fmt: skip
STATICMAN = {
    "river/entry1.yml": (
        "_id: 7d2b\n_parent: 'https://blog.example.org/river/'\nname: Alice\n"
        "email: 5d41402abc4b2a76b9719d911017c592\nmessage: >-\n  It was *finished* in 1911.\n"
        "date: 2026-03-04T12:00:00.000Z\n"
    ),
    "river/entry2.json": (
        '{"_id": "9c1f", "name": "Bob", "message": "No, in 1912.", "url": "https://bob.test/",'
        ' "email": "bob@example.org", "replying_to": "7d2b", "timestamp": 1772629200}'
    ),
    "river/entry3.md": "---\nname: Carol\ndate: '1772629200000'\n---\nIn **1913**, I think.\n",
    "river/empty.yml": "_id: none\nname: Nobody\n",
    "river/picture.png": "no text at all",
}


def isso_database(path: Path) -> Path:
    """Tables and rows as Isso 0.14.0 makes them."""
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE,"
            " title VARCHAR(256));"
            "CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY,"
            " parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER,"
            " remote_addr VARCHAR, text VARCHAR NOT NULL, author VARCHAR, email VARCHAR,"
            " website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0,"
            " voters BLOB NOT NULL, notification INTEGER DEFAULT 0);"
        )
        connection.execute("INSERT INTO threads VALUES (1, '/river/', 'The river')")
        said = "INSERT INTO comments VALUES (1, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, 0, 0, x'', 0)"
        alice = ("Alice", "alice@example.org", "https://alice.example.org/")
        for row in (
            (17, None, 1772625600.25, 1, "192.0.2.0", "It was *finished* in 1911.", *alice),
            (18, 17, 1772629200.0, 2, "192.0.3.0", "No, in 1912.", None, None, None),
            (19, None, 1772632800.0, 4, "192.0.2.0", "", *alice),
        ):
            connection.execute(said, row)
    connection.close()
    return path


def django_database(path: Path) -> Path:
    """The table of django-contrib-comments 2.2.0, and a row of each state."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE django_comments (id integer PRIMARY KEY, object_pk varchar(255),"
            " user_name varchar(50), user_email varchar(254), user_url varchar(200), comment text,"
            " submit_date datetime, ip_address char(39), is_public bool, is_removed bool,"
            " content_type_id integer, site_id integer, user_id integer)"
        )
        said = (
            "INSERT INTO django_comments VALUES (?, '70', 'Alice', 'alice@example.org', '', ?,"
            " '2026-03-04 12:00:00', '192.0.2.10', ?, ?, 7, 1, NULL)"
        )
        connection.execute(said, (17, "It was finished in 1911.", 1, 0))
        connection.execute(said, (18, "No, in 1912.", 0, 0))
        connection.execute(said, (19, "Oh", 1, 1))
    connection.close()
    return path


def staticman_folder(folder: Path) -> Path:
    for name, content in STATICMAN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder
