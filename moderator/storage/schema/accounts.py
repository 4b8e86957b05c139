"""The tables of people who may log in, of their one-time links and their sessions."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, Text


def account_tables(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """Moderators, the sites that each may see, one-time links, sessions."""
    moderators = Table(
        "moderators",
        metadata,
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False, unique=True),
        _text("password"),  # argon2id hash; '' until the one-time link was used
        _text("role", "moderator"),  # admin sees every site; a moderator sees the sites below
        Column("created_at", BigInteger, nullable=False),
        Column("disabled_at", BigInteger),
    )
    moderator_sites = Table(
        "moderator_sites",
        metadata,
        Column("moderator_id", Text, ForeignKey("moderators.id"), primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
    )
    login_links = Table(
        "login_links",
        metadata,
        Column("digest", Text, primary_key=True),  # SHA-256 of the one-time token, hex
        Column("moderator_id", Text, ForeignKey("moderators.id"), nullable=False),
        Column("expires_at", BigInteger, nullable=False),
    )
    sessions = Table(
        "sessions",
        metadata,
        Column("digest", Text, primary_key=True),  # SHA-256 of the cookie value, hex
        Column("moderator_id", Text, ForeignKey("moderators.id"), nullable=False, index=True),
        _text("csrf"),
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, nullable=False, index=True),
    )
    return moderators, moderator_sites, login_links, sessions


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)
