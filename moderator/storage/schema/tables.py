"""The tables, once, for both databases. Times are integer milliseconds since 1970 (UTC)."""

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

from moderator.domain.timing.retention import Part
from moderator.storage.schema.accounts import account_tables, desk_tables
from moderator.storage.schema.akismet import akismet_tables
from moderator.storage.schema.arrivals import arrival_tables
from moderator.storage.schema.campaigns import campaign_tables, gathering_tables
from moderator.storage.schema.counts import count_tables, statistics_tables
from moderator.storage.schema.learning import learning_tables
from moderator.storage.schema.links import link_tables
from moderator.storage.schema.partial import partial
from moderator.storage.schema.rules import rule_tables
from moderator.storage.schema.running import running_tables
from moderator.storage.schema.search import search_tables
from moderator.storage.schema.sites import hash_key_table, site_tables, wordpress_table

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

# Conditions of partial indexes. The first column says the same: else SQLite takes another index.
HELD = text("status = 'hold'")
COPY = text("duplicate_of <> ''")
HAS_TEXT = text("text_key <> ''")
HAS_PLACE = text("place_key <> ''")
HAS_ADDRESS = text("address_key <> '' AND kind IN ('comment', 'reply')")
HAS_NAME = text("name_key <> '' AND kind IN ('comment', 'reply')")
LISTED = text("listed = 1")
PUBLISHED = text("status = 'approved' AND reports = 0")
SHOWN = text("status = 'approved' AND target_key <> ''")
GONE = text("erased_at IS NOT NULL")
EDITED = text("content_version > 1")
REPORTED = text("reports > 0")
LET_THROUGH = text("let_through_on > 0")
FRESH, TRIED = text("attempts = 0"), text("attempts > 0")
TOGETHER = text("act <> ''")
DEAD = text("state = 'dead'")
BY_MODERATOR = text("decided_by = 'moderator'")
BY_PEOPLE = text("decided_by IN ('moderator', 'blog')")
SETTLED = "status IN ('approved', 'spam', 'trash') AND listed = 0"  # waits for nobody
HAS_ADDRESSES = text(f"has_addresses = 1 AND {SETTLED}")
HAS_WORDS = text("has_words = 1 AND status IN ('spam', 'trash')")
HAS_PAGES = text(f"has_pages = 1 AND kind NOT IN ('comment', 'reply') AND {SETTLED}")
KEPT = {"has_addresses": HAS_ADDRESSES, "has_words": HAS_WORDS, "has_pages": HAS_PAGES}


def _text(name: str, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


submissions = Table(
    "submissions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site_id", Text, ForeignKey("sites.id"), nullable=False),
    _text("platform_id"),
    _text("kind"),
    _text("digest"),  # of what the author wrote; when it changes there is a new version
    _text("payload"),  # the Submission as JSON
    _text("text_key"),  # exact fingerprint; '' when the text is too short to count
    _text("author_key"),  # fingerprint of the author; '' when nothing is known
    _text("place_key"),  # by whose hand and where; of a linkback source and target; '' if unknown
    _text("address_key"),  # fingerprint of the visitor's address
    _text("name_key"),  # fingerprint of a comment's name; '' without an e-mail address
    _text("target_key"),  # of a linkback the page that it is about, whatever the host's name
    Column("created_at", BigInteger, nullable=False),  # the blog's time
    Column("received_at", BigInteger, nullable=False),
    Column("sequence", Integer, nullable=False, server_default="0"),  # of the latest decision
    _text("status", "queued"),  # queued, approved, hold, spam, trash, erased
    _text("decided_by"),  # DeciderKind of the latest decision
    Column("score", Float, nullable=False, server_default="0"),
    _text("duplicate_of"),
    Column("content_version", Integer, nullable=False, server_default="1"),
    # Of the latest decision, whatever `status` says: an edit that waits is queued.
    _text("decided_status"),
    Column("decided_version", Integer, nullable=False, server_default="1"),
    # The latest event that brought words, and the latest decision at the blog; 0: none yet.
    _text("edited_as"),  # the blog's version of the comment
    Column("edited_at", BigInteger, nullable=False, server_default="0"),
    _text("blog_decided_as"),
    Column("blog_decided_at", BigInteger, nullable=False, server_default="0"),
    _text("bound_by"),  # a person's word on an earlier text that rules must heed: refusal, hold
    # What the blog was last told and took, or told us; 0: nothing yet.
    _text("heard_status"),
    _text("heard_duplicate_of"),
    Column("heard_sequence", Integer, nullable=False, server_default="0"),
    Column("reports", Integer, nullable=False, server_default="0"),
    Column("listed_version", Integer, nullable=False, server_default="0"),  # the last one listed
    Column("listed", Integer, nullable=False, server_default="0"),  # 1: reports await a person
    # What the machine approved: the day (since 1970) of that, and how unsure it was, equals by lot.
    Column("let_through_on", Integer, nullable=False, server_default="0"),
    Column("doubt", BigInteger, nullable=False, server_default="0"),
    _text("campaign_id"),  # that it is in, of whatever size; '' for none
    _text("earlier"),  # the payload before the latest edit; '' where there was none
    _text("feedback"),  # what a spam service was told about it: spam, ham
    Column("erased_at", BigInteger),  # set on a tombstone
    # When the latest decision was made, and what of it has not had its time (upkeep/retention.py).
    Column("decided_at", BigInteger),
    *(Column(f"has_{part}", Integer, nullable=False, server_default="1") for part in Part),
    UniqueConstraint("site_id", "platform_id"),
    Index("ix_submissions_site", "site_id", "id"),  # a site's, in the order of arrival
    Index("ix_submissions_text", "site_id", "text_key", "created_at"),
    partial("ix_submissions_place", "place_key", "site_id", "created_at", "id", where=HAS_PLACE),
    partial(
        "ix_submissions_address", "address_key", "site_id", "created_at", "id", where=HAS_ADDRESS
    ),
    partial("ix_submissions_name", "name_key", "site_id", "created_at", "id", where=HAS_NAME),
    # The earliest with a text on any site.
    partial("ix_submissions_first", "text_key", "received_at", "id", where=HAS_TEXT),
    Index("ix_submissions_author", "site_id", "author_key", "created_at"),
    partial("ix_submissions_published", "site_id", "author_key", "received_at", where=PUBLISHED),
    Index("ix_submissions_queue", "site_id", "status", "received_at"),
    # What is held, grouped by text; the index holds no other rows, so it stays small.
    partial(
        "ix_submissions_held", "status", "site_id", "text_key", "received_at", "id", where=HELD
    ),
    # What is held, newest first. Not by the bare id: the primary key has that order too, and
    # PostgreSQL may walk it all, looking for what is held.
    partial(
        "ix_submissions_newest_held",
        "status",
        "received_at",
        "id",
        "site_id",
        "campaign_id",
        where=HELD,
    ),
    # What is held, grouped by campaign.
    partial(
        "ix_submissions_gathered",
        "status",
        "campaign_id",
        "received_at",
        "id",
        "site_id",
        where=HELD,
    ),
    partial("ix_submissions_copies", "duplicate_of", where=COPY),
    partial("ix_submissions_listed", "listed", "site_id", "received_at", "id", where=LISTED),
    partial("ix_submissions_let_through", "let_through_on", "site_id", "doubt", where=LET_THROUGH),
    # What is held, the most likely honest first.
    partial("ix_submissions_honest", "status", "site_id", "score", "id", where=HELD),
    partial("ix_submissions_edited", "status", "id", where=EDITED),
    partial("ix_submissions_reported", "status", "id", where=REPORTED),
    # Approved linkbacks, of a page and of a site.
    partial("ix_submissions_shown", "target_key", "site_id", "id", where=SHOWN),
    partial("ix_submissions_site_shown", "status", "site_id", "id", where=SHOWN),
    partial("ix_submissions_erased", "erased_at", where=GONE),
    partial("ix_submissions_people", "site_id", "id", where=BY_PEOPLE),
    *(
        partial(f"ix_submissions_{n}", n, "site_id", "decided_at", "id", where=KEPT[n])
        for n in KEPT
    ),
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
    # Apart, for they are claimed apart: who looks for the one must not read through the other.
    partial("ix_queue_fresh", "job", "due_at", where=FRESH),
    partial("ix_queue_tried", "job", "due_at", where=TRIED),
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
    Column("content_version", Integer, nullable=False, server_default="1"),
    _text("act"),  # what one press of a key decided together; '' for what stands alone
    UniqueConstraint("submission_id", "sequence"),
    Index("ix_decisions_site", "site_id", "decided_at"),
    partial(
        "ix_decisions_moderator",
        "decided_by",
        "site_id",
        "decided_at",
        "id",
        where=BY_MODERATOR,
    ),
    partial("ix_decisions_act", "act", where=TOGETHER),
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
    Column("sequence", Integer, nullable=False, server_default="0"),  # of the decision
    _text("state", "waiting"),  # waiting, delivered, refused, dead, withdrawn
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("last_status", Integer, nullable=False, server_default="0"),
    _text("last_error"),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    _text("url"),  # where the submission asked to be told; '': the site's callback URL
    Index("ix_deliveries_submission", "submission_id"),
    Index("ix_deliveries_state", "site_id", "state", "created_at"),
    partial("ix_deliveries_dead", "state", "site_id", where=DEAD),
)

claims, pulse, counters = running_tables(metadata)
intake_keys, imports = arrival_tables(metadata)
link_memory, fetch_accounts = link_tables(metadata)
hash_keys = hash_key_table(metadata)
sites, site_secrets, api_keys = site_tables(metadata)
wordpress_blogs = wordpress_table(metadata)
akismet_keys, akismet_counts = akismet_tables(metadata)
campaigns, campaign_sites, campaign_members = campaign_tables(metadata)
phrases, advance_rulings = gathering_tables(metadata)
search_words = search_tables(metadata)
author_counts, host_counts = count_tables(metadata)
decision_counts, campaign_counts, counted = statistics_tables(metadata)
moderators, moderator_sites, login_links, sessions = account_tables(metadata)
notes, digests, audit_log = desk_tables(metadata)
site_layers, lessons, host_rulings = learning_tables(metadata)
rules, rule_log, rule_counts, past_trials = rule_tables(metadata)
