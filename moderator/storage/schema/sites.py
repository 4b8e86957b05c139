"""The tables of sites, their signing secrets and API keys, and of the installation's own key."""

import secrets

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    insert,
)


def site_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Sites, and what they prove themselves by."""
    sites = Table(
        "sites",
        metadata,
        Column("id", Text, primary_key=True),
        _text("name"),
        _text("url"),
        _text("hosts", "[]"),  # JSON list of host[:port]
        _text("platform", "generic"),
        _text("callback_url"),
        _text("signature_profile", "standard"),
        _text("signature_header"),
        _text("policy", "{}"),  # JSON object, see domain/policy.py
        _text("akismet_key"),
        _text("allowed_addresses", "[]"),  # JSON list of [ip, port]: for callbacks
        _text("source_addresses", "[]"),  # the same for what strangers name
        _text("langs", "[]"),  # JSON list of what the blog declares, its own first
        Column("has_feed", Integer, nullable=False, server_default="0"),  # 1: for anybody to read
        _text("retention", "{}"),  # JSON object, see domain/timing/retention.py RetentionChoice
        Column("created_at", BigInteger, nullable=False),
    )
    return (sites, *_proofs(metadata))


def hash_key_table(metadata: MetaData) -> Table:
    """The keys of keyed hashes (storage/base/masking.py): one, made with the table."""
    hash_keys = Table(
        "hash_keys",
        metadata,
        Column("name", Text, primary_key=True),
        Column("value", LargeBinary, nullable=False),
    )

    @event.listens_for(hash_keys, "after_create")
    def _make_key(table: Table, connection: Connection, **_: object) -> None:
        key = secrets.token_bytes(32)
        connection.execute(insert(table).values(name="people", value=key))

    return hash_keys


def wordpress_table(metadata: MetaData) -> Table:
    """Blogs that are polled over their own REST API, and where the last round ended."""
    return Table(
        "wordpress_blogs",
        metadata,
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        _text("url"),
        _text("username"),
        _text("password"),  # an application password, as it is: the blog asks for it
        Column("held_offset", Integer, nullable=False, server_default="0"),
        _text("recent_id"),
        Column("held_at", BigInteger, nullable=False, server_default="0"),
        _text("held_id"),
        Column("polled_at", BigInteger, nullable=False, server_default="0"),  # 0: never yet
        _text("error"),  # of the last round; '' when it went well
    )


def _proofs(metadata: MetaData) -> tuple[Table, Table]:
    # SQLite only auto-increments a column declared exactly INTEGER.
    serial = BigInteger().with_variant(Integer(), "sqlite")
    site_secrets = Table(
        "site_secrets",
        metadata,
        Column("id", serial, primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), nullable=False, index=True),
        _text("value"),
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger),  # set when a newer secret replaced it
    )

    api_keys = Table(
        "api_keys",
        metadata,
        Column("id", serial, primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), nullable=False, index=True),
        _text("prefix"),  # shown to people
        Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the key, hex
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger),
    )
    return site_secrets, api_keys


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)
