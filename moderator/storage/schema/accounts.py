"""The tables of people who may log in, of their one-time links and their sessions."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text


def account_tables(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """Moderators, the sites that each may see, one-time links, sessions."""
    moderators = Table(
        "moderators",
        metadata,
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False, unique=True),
        _text("password"),  # argon2id hash; '' until the one-time link was used
        _text("role", "moderator"),  # an owner sees every site; others see the sites below
        _text("mail"),  # where what waits is told; '' for nobody is told
        _text("mail_lang"),  # and in which language
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
        _text("address"),  # where it was opened from ...
        _text("agent"),  # ... and how that browser names itself
    )
    return moderators, moderator_sites, login_links, sessions


def desk_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """What people wrote about submissions, which sites each is told of by mail, and what owners
    did.
    """
    notes = Table(
        "notes",
        metadata,
        Column("id", Text, primary_key=True),  # sorts by time
        _text("site_id"),
        Column("submission_id", Text, ForeignKey("submissions.id"), nullable=False),
        _text("moderator_id"),
        _text("moderator_name"),
        _text("words"),
        Column("written_at", BigInteger, nullable=False),
        Index("ix_notes_submission", "submission_id", "written_at"),
        Index("ix_notes_site", "site_id", "written_at", "id"),
    )
    digests = Table(
        "digests",
        metadata,
        Column("moderator_id", Text, ForeignKey("moderators.id"), primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        _text("told"),  # what the last mail said of the site, JSON; '' for nothing yet
        sqlite_with_rowid=False,
    )
    return notes, digests, _audit_table(metadata)


def _audit_table(metadata: MetaData) -> Table:
    """Never a secret. The column `site` is no `site_id`: what was done stays when a site goes."""
    return Table(
        "audit_log",
        metadata,
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
        Column("done_at", BigInteger, nullable=False),
        _text("by_id"),
        _text("by_name"),
        _text("act"),  # domain/pages/audit.py AuditAct
        _text("about"),
        _text("site"),
        _text("detail"),
        Index("ix_audit_log_act", "act", "id"),
        Index("ix_audit_log_by", "by_id", "id"),
    )


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)
