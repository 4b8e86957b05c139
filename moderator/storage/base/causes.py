"""Tells the database's own trouble from faults of ours: by SQLSTATE, by SQLite's result codes.

Sources: PostgreSQL's appendix "Error Codes", SQLite's "Result and Error Codes". SQLite has one code
for a missing table and for a slip in our SQL: there the words decide.
"""

import re
import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from moderator.domain.errors import StorageCause

DEADLOCK = "40P01"  # deadlock_detected

SQLSTATES = {
    "25006": StorageCause.READ_ONLY,  # read_only_sql_transaction
    "25P03": StorageCause.BUSY,  # idle_in_transaction_session_timeout
    "25P04": StorageCause.BUSY,  # transaction_timeout
    "3F000": StorageCause.SCHEMA,  # invalid_schema_name
    "40001": StorageCause.LOCKED,  # serialization_failure
    DEADLOCK: StorageCause.LOCKED,
    "42703": StorageCause.SCHEMA,  # undefined_column
    "42P01": StorageCause.SCHEMA,  # undefined_table
    "53100": StorageCause.FULL,  # disk_full
    "55P03": StorageCause.LOCKED,  # lock_not_available
    "57014": StorageCause.BUSY,  # query_canceled: our own time limit
    "58030": StorageCause.DAMAGED,  # io_error
    "58P01": StorageCause.DAMAGED,  # undefined_file
    "XX001": StorageCause.DAMAGED,  # data_corrupted
    "XX002": StorageCause.DAMAGED,  # index_corrupted
}
SQLSTATE_CLASSES = {
    "08": StorageCause.SILENT,  # connection exceptions
    "28": StorageCause.SILENT,  # we are not let in
    "3D": StorageCause.SILENT,  # there is no such database
    "53": StorageCause.BUSY,  # out of memory, too many connections
    "57": StorageCause.SILENT,  # being shut down or started
}
# Primary result codes; the higher bits only say more.
SQLITE_CODES = {
    sqlite3.SQLITE_PERM: StorageCause.READ_ONLY,
    sqlite3.SQLITE_BUSY: StorageCause.LOCKED,
    sqlite3.SQLITE_LOCKED: StorageCause.LOCKED,
    sqlite3.SQLITE_READONLY: StorageCause.READ_ONLY,
    sqlite3.SQLITE_INTERRUPT: StorageCause.BUSY,
    sqlite3.SQLITE_IOERR: StorageCause.DAMAGED,
    sqlite3.SQLITE_CORRUPT: StorageCause.DAMAGED,
    sqlite3.SQLITE_FULL: StorageCause.FULL,
    sqlite3.SQLITE_CANTOPEN: StorageCause.SILENT,
    sqlite3.SQLITE_PROTOCOL: StorageCause.LOCKED,
    sqlite3.SQLITE_SCHEMA: StorageCause.LOCKED,  # somebody changes it at this moment
    sqlite3.SQLITE_NOTADB: StorageCause.DAMAGED,
}
PRIMARY = 0xFF
MOST_WORDS = 400  # characters of what a database says
# What SQLite says about a table or column that this version expects and the file has not.
MISSING = re.compile(r"no such (?:table|column): |table \S+ has no column named ")


def cause_of(error: SQLAlchemyError) -> StorageCause | None:
    """Why the database did not do it; None when the fault is in what it was asked."""
    if isinstance(error, PoolTimeoutError):
        return StorageCause.BUSY
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    found = _of_sqlstate(sqlstate(error))
    is_lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return StorageCause.SILENT if found is None and is_lost else found


def sqlstate(error: Exception) -> str:
    """PostgreSQL's five characters, '' where there are none."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def code_of(error: SQLAlchemyError) -> str:
    """The database's own name for what went wrong, for the log."""
    name = getattr(getattr(error, "orig", None), "sqlite_errorname", None)
    return str(name or sqlstate(error) or type(error).__name__)


def own_words(error: SQLAlchemyError, cause: StorageCause) -> str:
    """What the database, or who connects to it, says; '' where that could name what somebody sent.

    What is missing in the schema is a name of ours, and before a connection there are no values.
    """
    is_connecting = isinstance(error, DBAPIError) and error.statement is None
    if cause is not StorageCause.SCHEMA and not is_connecting:
        return ""
    lines = str(getattr(error, "orig", "")).splitlines()
    said = lines[:1] if cause is StorageCause.SCHEMA else lines
    return " ".join(line.strip() for line in said)[:MOST_WORDS]


def _of_sqlite(error: sqlite3.Error) -> StorageCause | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & PRIMARY
    if code == sqlite3.SQLITE_ERROR and MISSING.match(str(error)):
        return StorageCause.SCHEMA
    return SQLITE_CODES.get(code)


def _of_sqlstate(state: str) -> StorageCause | None:
    return SQLSTATES.get(state) or SQLSTATE_CLASSES.get(state[:2])
