"""The table of the words by which submissions are found."""

from sqlalchemy import Column, Index, MetaData, Table, Text

# By the bytes: only so is what begins alike one range of an index, whatever the database's order.
BY_BYTES = Text().with_variant(Text(collation="C"), "postgresql")


def search_tables(metadata: MetaData) -> Table:
    """Words and facets (domain/pages/find.py) of what was ever put before a person."""
    return Table(
        "search_words",
        metadata,
        Column("submission_id", Text, primary_key=True),
        Column("word", BY_BYTES, primary_key=True),
        Index("ix_search_words_word", "word", "submission_id"),
        sqlite_with_rowid=False,
    )
