"""The tables of what came in: idempotency keys, and how far files of a history were read."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, Text, text

from moderator.storage.schema.partial import partial

IS_GUID = text("key >= 'akismet:' AND key < 'akismet;'")


def arrival_tables(metadata: MetaData) -> tuple[Table, Table]:
    """`intake_keys`, `imports`."""
    # What was answered 2xx under which idempotency key.
    intake_keys = Table(
        "intake_keys",
        metadata,
        Column("site_id", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("digest", Text, nullable=False, server_default=""),
        Column("submission_id", Text, nullable=False, server_default=""),
        Column("received_at", BigInteger, nullable=False, index=True),
        # The guids under which an Akismet client knows a submission.
        partial("ix_intake_keys_guid", "submission_id", where=IS_GUID),
        sqlite_with_rowid=False,
    )
    # A file is known by its digest, so the same one goes on where it stopped.
    imports = Table(
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
    return intake_keys, imports
