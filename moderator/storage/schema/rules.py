"""The tables of rules that people made, of what they changed, and of what rules caught."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, text

from moderator.storage.schema.partial import partial

ACTING = text("state IN ('live', 'shadow')")


def rule_tables(metadata: MetaData) -> tuple[Table, Table, Table, Table]:
    """`rules`, `rule_log`, `rule_counts`, `past_trials`."""
    rules = Table(
        "rules",
        metadata,
        Column("id", Text, primary_key=True),
        _text("site_id"),  # '' for a rule of every site
        _text("state", "draft"),
        Column("version", Integer, nullable=False, server_default="1"),
        _text("payload"),  # the Rule as JSON, without its dry run
        _text("dry_run"),  # JSON, see domain/rule.py DryRun
        Column("made_at", BigInteger, nullable=False),
        Index("ix_rules_site", "site_id", "made_at"),
        Index("ix_rules_made_at", "made_at", "id"),
        partial("ix_rules_state", "state", where=ACTING),
    )
    rule_counts = Table(
        "rule_counts",
        metadata,
        Column("rule_id", Text, primary_key=True),
        Column("verdict", Text, primary_key=True),  # that was given where the rule found something
        Column("number", BigInteger, nullable=False, server_default="0"),
        Column("last_at", BigInteger, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    # What thresholds would do with what was imported: one row a site (domain/rules/thresholds.py).
    past_trials = Table(
        "past_trials",
        metadata,
        Column("site_id", Text, primary_key=True),
        _text("payload"),
        Column("judged_at", BigInteger, nullable=False),
    )
    return rules, _log(metadata), rule_counts, past_trials


def _log(metadata: MetaData) -> Table:
    """What was changed, so that it can be taken back: a rule, or what a site chose."""
    serial = BigInteger().with_variant(Integer(), "sqlite")
    return Table(
        "rule_log",
        metadata,
        Column("id", serial, primary_key=True),
        _text("rule_id"),  # '' for what a site chose
        _text("site_id"),
        Column("changed_at", BigInteger, nullable=False),
        _text("by_id"),
        _text("by_name"),
        _text("before"),  # JSON; '' where there was none
        _text("after"),
        Index("ix_rule_log_rule", "rule_id", "id"),
        Index("ix_rule_log_site", "site_id", "id"),
    )


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)
