#!/usr/bin/env bash
# isso 0.14.0 (PyPI) imports a WordPress export (WXR) of comments. In WXR comment_approved is "1", "0" or
# "trash" (WordPress leaves spam out), comment_type tells comments from linkbacks, comment_date_gmt is UTC.
# One expects trash to stay out or apart, linkbacks to be told from comments, times to be kept.
# Seen: all that is not "1" becomes mode 2, waiting for moderation, so that what a moderator threw away
# stands in the queue beside what nobody has looked at; a pingback becomes a comment like any other; and
# the UTC time is read as local time: the same export is hours off depending on the importing zone.
# Why it matters: who judges or learns from an Isso database imported so sees decided comments as
# undecided ones and linkbacks as readers, and compares times that are off by an unknown offset.
# Prints what is in the database after importing the same file in two zones; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check isso==0.14.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
cat >"$folder/import.py" <<'PYTHON'
import contextlib
import io
import os
import sys
import tempfile
from datetime import datetime, timezone

from isso import config
from isso.db import SQLite3
from isso.migrate import WordPress

COMMENTS = (("1", "comment"), ("0", "comment"), ("trash", "comment"), ("1", "pingback"))
COMMENT = """<wp:comment><wp:comment_id>{number}</wp:comment_id>
<wp:comment_author>Ann</wp:comment_author><wp:comment_author_email>ann@example.org</wp:comment_author_email>
<wp:comment_author_url>https://ann.example.org/</wp:comment_author_url>
<wp:comment_author_IP>192.0.2.7</wp:comment_author_IP>
<wp:comment_date>2026-03-01 13:00:00</wp:comment_date>
<wp:comment_date_gmt>2026-03-01 12:00:00</wp:comment_date_gmt>
<wp:comment_content>approved={approved} type={kind}</wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>
<wp:comment_parent>0</wp:comment_parent></wp:comment>"""
EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><wp:wxr_version>1.2</wp:wxr_version>
<item><title>The river</title><link>https://blog.example.org/river</link>
{comments}
</item></channel></rss>"""
with tempfile.TemporaryDirectory() as folder:
    export = os.path.join(folder, "export.xml")
    with open(export, "w", encoding="utf-8") as file:
        rows = (COMMENT.format(number=n, approved=a, kind=k) for n, (a, k) in enumerate(COMMENTS, 1))
        file.write(EXPORT.format(comments="\n".join(rows)))
    database = os.path.join(folder, "comments.db")
    conf = config.new({"general": {"dbpath": database, "max-age": "1h"}})
    with contextlib.redirect_stdout(io.StringIO()):
        store = SQLite3(database, conf)
        WordPress(store, export).migrate()
    print("imported in", os.environ["TZ"])
    for text, mode, created in store.execute("SELECT text, mode, created FROM comments ORDER BY id").fetchall():
        moment = datetime.fromtimestamp(created, tz=timezone.utc)
        print(f"  {text:26} mode {mode}  {moment:%H:%M} UTC")
PYTHON
{
    TZ=UTC "$folder/venv/bin/python" -W ignore "$folder/import.py" 2>/dev/null
    TZ=America/New_York "$folder/venv/bin/python" -W ignore "$folder/import.py" 2>/dev/null
} | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: the import no longer does what was seen"; exit 1; }
imported in UTC
  approved=1 type=comment    mode 1  12:00 UTC
  approved=0 type=comment    mode 2  12:00 UTC
  approved=trash type=comment mode 2  12:00 UTC
  approved=1 type=pingback   mode 1  12:00 UTC
imported in America/New_York
  approved=1 type=comment    mode 1  17:00 UTC
  approved=0 type=comment    mode 2  17:00 UTC
  approved=trash type=comment mode 2  17:00 UTC
  approved=1 type=pingback   mode 1  17:00 UTC
SEEN
