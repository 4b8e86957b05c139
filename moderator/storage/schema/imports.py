"""The table of imports: how far each file of a site's history was read."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, Text


def import_table(metadata: MetaData) -> Table:
    """A file is known by its digest, so the same one goes on where it stopped."""
    return Table(
        "imports",
        metadata,
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        Column("digest", Text, primary_key=True),
        Column("format", Text, nullable=False, server_default=""),
        # Records of the file that were dealt with: rows of the same transaction say how.
        Column("position", BigInteger, nullable=False, server_default="0"),
        Column("counts", Text, nullable=False, server_default="{}"),  # JSON
        Column("started_at", BigInteger, nullable=False),
        Column("finished_at", BigInteger),
    )
