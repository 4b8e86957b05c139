"""Partial indexes, with conditions that both databases understand.

A condition as the dialects' own argument would load both of them: PostgreSQL's is 2 MB in a process
that only ever reads SQLite. So it waits here until somebody makes or compares the schema.
"""

from sqlalchemy import Index, MetaData, TextClause

WHERE = "where"


def partial(name: str, *columns: str, where: TextClause) -> Index:
    return Index(name, *columns, info={WHERE: where})


def with_conditions(metadata: MetaData) -> MetaData:
    """The same tables, their indexes as they are to be in either database."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if WHERE in index.info:
                for dialect in ("sqlite", "postgresql"):
                    index.dialect_options[dialect]["where"] = index.info[WHERE]
    return metadata
