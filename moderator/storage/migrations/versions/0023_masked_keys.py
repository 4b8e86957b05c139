"""Keys of people become keyed hashes, under a key that is made here."""

import secrets

from alembic import op
from sqlalchemy import Column, LargeBinary, Text, text

from moderator.storage.base.masking import masked

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PIECE = 500
KEYS = ("author_key", "place_key", "address_key", "name_key")
ROWS = text(
    f"SELECT id, {', '.join(KEYS)} FROM submissions WHERE id > :last AND"  # noqa: S608  # our own words
    " (author_key <> '' OR place_key <> '' OR address_key <> '') ORDER BY id LIMIT :piece"
)
KEEP = text(
    f"UPDATE submissions SET {', '.join(f'{name} = :{name}' for name in KEYS)} WHERE id = :id"  # noqa: S608
)
COUNTED = text(
    "SELECT DISTINCT author_key FROM author_counts WHERE author_key > :last"
    " ORDER BY author_key LIMIT :piece"
)
COUNT = text("UPDATE author_counts SET author_key = :masked WHERE author_key = :author_key")


def upgrade() -> None:
    op.create_table(
        "hash_keys",
        Column("name", Text, primary_key=True),
        Column("value", LargeBinary, nullable=False),
    )
    secret = secrets.token_bytes(32)
    connection = op.get_bind()
    connection.execute(
        text("INSERT INTO hash_keys (name, value) VALUES ('people', :value)"), {"value": secret}
    )
    last = ""
    while rows := connection.execute(ROWS, {"last": last, "piece": PIECE}).mappings().all():
        connection.execute(
            KEEP,
            [
                {"id": row["id"], **{name: masked(secret, row[name]) for name in KEYS}}
                for row in rows
            ],
        )
        last = rows[-1]["id"]
    _mask_counts(secret)


def _mask_counts(secret: bytes) -> None:
    """Digests come before what is masked, so the walk ends where they do."""
    connection, last = op.get_bind(), ""
    while True:
        found = connection.scalars(COUNTED, {"last": last, "piece": PIECE}).all()
        plain = [key for key in found if masked(secret, key) != key]
        if not plain:
            return
        connection.execute(
            COUNT, [{"author_key": key, "masked": masked(secret, key)} for key in plain]
        )
        last = plain[-1]


def downgrade() -> None:
    """Hashes stay, and find nobody any more: nothing leads back from them."""
    op.drop_table("hash_keys")
