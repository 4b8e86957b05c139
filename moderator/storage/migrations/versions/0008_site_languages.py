"""A site declares its languages; authors are known by name and e-mail, and what they published.

Authors' keys are derived anew and their counts taken again, so that nobody becomes a stranger.
"""

import json

from alembic import op
from sqlalchemy import Column, MetaData, Table, Text, select, text, update

from moderator.domain.content.fingerprint import author_key
from moderator.storage.base.payload import load_submission

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

SITES = Table("sites", MetaData(), Column("id", Text), Column("lang", Text), Column("langs", Text))
SUBMISSIONS = Table(
    "submissions",
    MetaData(),
    *(Column(name, Text) for name in ("id", "payload", "author_key")),
)
BATCH = 500
BY_PERSON = "CASE WHEN decided_by IN ('moderator', 'blog') THEN {} ELSE 0 END"
MONTH = BY_PERSON.format("created_at / 2592000000")
LATE = BY_PERSON.format("created_at - created_at / 2592000000 * 2592000000")
COUNTS = f"""
INSERT INTO author_counts (site_id, author_key, month, status, by_person, number, late)
SELECT site_id, author_key, {MONTH}, status, {BY_PERSON.format(1)}, count(*),
  CAST(sum({LATE}) AS bigint)
FROM submissions WHERE author_key <> '' AND status IN ('approved', 'spam') GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  # our own words


def upgrade() -> None:
    op.add_column("sites", Column("langs", Text, nullable=False, server_default="[]"))
    connection = op.get_bind()
    for id_, lang in connection.execute(select(SITES.c.id, SITES.c.lang)).all():
        _set(id_, langs=json.dumps([lang] if lang else []))
    op.drop_column("sites", "lang")
    published = text("status = 'approved' AND reports = 0")
    op.create_index(
        "ix_submissions_published",
        "submissions",
        ["site_id", "author_key", "received_at"],
        sqlite_where=published,
        postgresql_where=published,
    )
    _derive_anew()


def _derive_anew() -> None:
    connection, last = op.get_bind(), ""
    while rows := connection.execute(
        select(SUBMISSIONS)
        .where(SUBMISSIONS.c.id > last, SUBMISSIONS.c.payload != "")
        .order_by(SUBMISSIONS.c.id)
        .limit(BATCH)
    ).all():
        last = rows[-1].id
        for id_, payload, before in rows:
            key = author_key(load_submission(payload).author)
            if key != before:
                connection.execute(
                    update(SUBMISSIONS).where(SUBMISSIONS.c.id == id_).values(author_key=key)
                )
    op.execute("DELETE FROM author_counts")
    op.execute(COUNTS)


def downgrade() -> None:
    op.drop_index("ix_submissions_published", "submissions")
    op.add_column("sites", Column("lang", Text, nullable=False, server_default=""))
    connection = op.get_bind()
    for id_, langs in connection.execute(select(SITES.c.id, SITES.c.langs)).all():
        _set(id_, lang=next(iter(json.loads(langs)), ""))
    op.drop_column("sites", "langs")


def _set(id_: str, **values: str) -> None:
    op.get_bind().execute(update(SITES).where(SITES.c.id == id_).values(values))
