"""The tables of what people decided and taught: layers of sites, lessons, rulings about hosts."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)


def learning_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Site layers, the lessons in them, rulings about hosts."""
    # What a site's moderators taught the model; `version` rises with every change.
    site_layers = Table(
        "site_layers",
        metadata,
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        Column("version", Integer, nullable=False),
        _text("basis"),  # of the shared model that it was learned upon
        Column("state", LargeBinary, nullable=False),
        Column("changed_at", BigInteger, nullable=False),
    )
    # What each submission taught its site's layer: enough to learn it again when the text is gone.
    lessons = Table(
        "lessons",
        metadata,
        Column("submission_id", Text, primary_key=True),
        _text("site_id"),
        _text("text"),  # digest of the text
        Column("is_spam", Integer, nullable=False),  # 0 or 1
        Column("trace", LargeBinary, nullable=False),  # the text's features: numbers, no words
        Column("alone", Integer, nullable=False, server_default="0"),  # 1: without the shared model
        Index("ix_lessons_text", "site_id", "text", "submission_id"),
    )
    # What people decided, said of each host that is named; replaced when they think again.
    host_rulings = Table(
        "host_rulings",
        metadata,
        Column("site_id", Text, primary_key=True),
        Column("host", Text, primary_key=True),  # a registrable domain
        Column("submission_id", Text, primary_key=True, index=True),
        Column("is_spam", Integer, nullable=False),  # 0 or 1
        Column("decided_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    return site_layers, lessons, host_rulings


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")
