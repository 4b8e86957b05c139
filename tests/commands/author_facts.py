"""Where something of an author's stands, and every other column with the reason why not."""

from sqlalchemy import LargeBinary, Text

from moderator.storage.schema.tables import metadata

FILL = """
UPDATE submissions SET earlier = payload, edited_as = '{needle}', blog_decided_as = '{needle}',
  feedback = '{needle}' WHERE id IN ({ours});
UPDATE decisions SET decider_name = '{needle}' WHERE submission_id IN ({ours});
UPDATE deliveries SET last_error = '{needle}', url = 'https://{needle}.test/'
  WHERE submission_id IN ({ours});
INSERT INTO queue (job, subject_id, site_id, due_at, lane, findings)
  SELECT 'ask', id, site_id, 1, 'blog {needle}', '["{needle}"]' FROM submissions
  WHERE id IN ({ours});
INSERT INTO notes (id, site_id, submission_id, words, written_at)
  VALUES ('note', 'blog', '{first}', 'I know {needle}.', 1);
INSERT INTO fetch_accounts (name, until) VALUES ('relay {needle}.test', 1);
UPDATE campaign_sites SET hosts = '{{"{needle}.test": 9}}';
UPDATE campaign_members SET hosts = '["{needle}.test"]' WHERE submission_id IN ({ours});
UPDATE lessons SET text = '{needle}' WHERE submission_id IN ({ours})
"""
# Every other column that can hold words: why none of an author's stand in it, or why they stay.
KEPT = {
    "an id, or a word of ours": {
        "submissions": "id site_id platform_id kind status decided_by duplicate_of decided_status"
        " bound_by heard_status heard_duplicate_of campaign_id",
        "decisions": "id submission_id site_id verdict previous_status decided_by decider_id"
        " duplicate_of act",
        "deliveries": "id site_id submission_id decision_id event state",
        "queue": "job subject_id site_id token",
        "search_words": "submission_id",
        "phrases": "submission_id",
        "host_rulings": "site_id submission_id",
        "host_counts": "site_id",
        "author_counts": "site_id status",
        "lessons": "submission_id site_id",
        "link_memory": "fate",
        "campaigns": "id",
        "campaign_sites": "campaign_id site_id first_id",
        "campaign_members": "submission_id campaign_id site_id how relative_id",
        "campaign_counts": "site_id campaign_id",
        "decision_counts": "site_id verdict decided_by machine_said",
        "counted": "name",
        "claims": "line moderator_id",
        "advance_rulings": "id campaign_id site_id verdict moderator_id act",
        "notes": "id site_id submission_id moderator_id",
        "rules": "id site_id state",
        "rule_counts": "rule_id verdict",
        "past_trials": "site_id",
        "rule_log": "rule_id site_id by_id",
        "audit_log": "by_id act about site",
        "imports": "site_id digest format counts",
        "intake_keys": "site_id submission_id",
        "pulse": "name",
        "counters": "name labels bound",
    },
    "a hash, or numbers, which go with the row": {
        "submissions": "digest text_key author_key place_key address_key name_key target_key",
        "author_counts": "author_key",
        "lessons": "trace",
        "site_layers": "site_id basis state",
        "intake_keys": "digest",
    },
    "how the blog's software calls a request; kept for seven days": {"intake_keys": "key"},
    "what owners and moderators said of themselves and of their blogs": {
        "sites": "id name url hosts platform callback_url signature_profile signature_header"
        " akismet_key allowed_addresses source_addresses langs retention",
        "moderators": "id name password role mail mail_lang",
        "moderator_sites": "moderator_id site_id",
        "login_links": "digest moderator_id",
        "sessions": "digest moderator_id csrf address agent",
        "digests": "moderator_id site_id told",
        "site_secrets": "site_id value",
        "api_keys": "site_id prefix digest",
        "akismet_keys": "value site_id",
        "akismet_counts": "site_id blog",
        "wordpress_blogs": "site_id url username password recent_id held_id error",
        "hash_keys": "name value",
        "claims": "moderator_name",
        "advance_rulings": "moderator_name revoked_by",
        "notes": "moderator_name",
        "rule_log": "by_name",
        "audit_log": "by_name",
    },
    "where people name somebody on purpose, of which the command tells": {
        "sites": "policy",
        "rules": "payload",
        "rule_log": "before after",
        "audit_log": "detail",
    },
    "ids of examples, which lead to a tombstone": {"rules": "dry_run"},
    "scores and verdicts, which name nobody": {"past_trials": "payload"},
}


def kept() -> set[str]:
    """The columns that an erasure may leave as they are."""
    return {
        f"{table}.{column}"
        for tables in KEPT.values()
        for table, columns in tables.items()
        for column in columns.split()
    }


def can_hold_words() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text | LargeBinary)
    }
