"""The tables of the first version, frozen here; later changes are migrations of their own."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only auto-increments a column declared exactly INTEGER.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")


# Conditions of partial indexes.
HELD = text("status = 'hold'")
COPY = text("duplicate_of <> ''")


def _text(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


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
    _text("policy", "{}"),  # JSON object, see domain/policy.py
    _text("akismet_key"),
    _text("allowed_addresses", "[]"),  # JSON list of [ip, port]
    _text("lang"),
    Column("created_at", BigInteger, nullable=False),
)

site_secrets = Table(
    "site_secrets",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("site_id", Text, ForeignKey("sites.id"), nullable=False, index=True),
    _text("value"),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),  # set when a newer secret replaced it
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("site_id", Text, ForeignKey("sites.id"), nullable=False, index=True),
    _text("prefix"),  # shown to people
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the key, hex
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
)

# What was answered 2xx under which idempotency key.
intake_keys = Table(
    "intake_keys",
    metadata,
    Column("site_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    _text("digest"),
    _text("submission_id"),
    Column("received_at", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site_id", Text, ForeignKey("sites.id"), nullable=False),
    _text("platform_id"),
    _text("kind"),
    _text("digest"),  # of what the blog sent; tells a repeat from a contradiction
    _text("payload"),  # the Submission as JSON
    _text("text_key"),  # exact fingerprint; '' when the text is too short to count
    _text("author_key"),  # fingerprint of the author; '' when nothing is known
    Column("created_at", BigInteger, nullable=False),  # the blog's time
    Column("received_at", BigInteger, nullable=False),
    Column("sequence", Integer, nullable=False, server_default="0"),  # of the latest decision
    _text("status", "queued"),  # queued, approved, hold, spam, trash, erased
    _text("decided_by"),  # DeciderKind of the latest decision
    Column("score", Float, nullable=False, server_default="0"),
    _text("duplicate_of"),
    UniqueConstraint("site_id", "platform_id"),
    Index("ix_submissions_text", "site_id", "text_key", "created_at"),
    Index("ix_submissions_author", "site_id", "author_key", "status"),
    Index("ix_submissions_queue", "site_id", "status", "received_at"),
    # What is held, grouped by text; the index holds no other rows, so it stays small.
    Index(
        "ix_submissions_held",
        "status",
        "site_id",
        "text_key",
        "id",
        sqlite_where=HELD,
        postgresql_where=HELD,
    ),
    # What is held, newest first; ids sort by time.
    Index(
        "ix_submissions_newest_held",
        "status",
        "id",
        "site_id",
        "text_key",
        sqlite_where=HELD,
        postgresql_where=HELD,
    ),
    Index("ix_submissions_copies", "duplicate_of", sqlite_where=COPY, postgresql_where=COPY),
)

# The queue. A claim moves `due_at` ahead by the lease and writes a token; who writes a result
# must still hold the token. Rows are small and deleted when done, so a claim stays cheap.
queue = Table(
    "queue",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _text("job"),  # domain/queue.py
    _text("subject_id"),  # a submission or a delivery
    _text("site_id"),
    _text("lane"),  # rows of one lane go one at a time, oldest first ('' = no lane)
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("token", Text),
    _text("findings"),  # JSON: what the first stage found, for the second
    UniqueConstraint("job", "subject_id"),
    Index("ix_queue_due", "job", "due_at"),
    Index("ix_queue_lane", "lane", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("submission_id", Text, ForeignKey("submissions.id"), nullable=False),
    _text("site_id"),
    Column("sequence", Integer, nullable=False),
    _text("verdict"),
    _text("previous_status"),
    Column("score", Float, nullable=False),
    Column("hold_at", Float, nullable=False),
    Column("spam_at", Float, nullable=False),
    Column("policy_version", Integer, nullable=False),
    _text("decided_by"),
    _text("decider_id"),
    _text("decider_name"),
    _text("reasons", "[]"),  # JSON, see domain/verdict.py Reason
    _text("findings", "[]"),  # JSON, see domain/finding.py Finding
    _text("duplicate_of"),
    Column("decided_at", BigInteger, nullable=False),
    UniqueConstraint("submission_id", "sequence"),
    Index("ix_decisions_site", "site_id", "decided_at"),
)

# The outbox: the exact bytes of each callback, frozen when the decision was written.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),  # the webhook-id
    _text("site_id"),
    _text("submission_id"),
    _text("decision_id"),
    _text("event"),
    Column("body", LargeBinary, nullable=False),
    _text("state", "waiting"),  # waiting, delivered, refused, dead
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("last_status", Integer, nullable=False, server_default="0"),
    _text("last_error"),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Index("ix_deliveries_submission", "submission_id"),
    Index("ix_deliveries_state", "site_id", "state", "created_at"),
)

link_memory = Table(
    "link_memory",
    metadata,
    Column("url", Text, primary_key=True),
    _text("fate"),
    _text("detail"),
    Column("status", Integer, nullable=False, server_default="0"),
    _text("final_url"),
    _text("hops", "[]"),
    Column("checked_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# How often sources were fetched in the minute that ends at `until`, by all processes together.
fetch_accounts = Table(
    "fetch_accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False, server_default="0"),
    Column("until", BigInteger, nullable=False, index=True),
)

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

pulse = Table(
    "pulse",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

# What a site's moderators taught the model; `version` rises with every change.
site_layers = Table(
    "site_layers",
    metadata,
    Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
