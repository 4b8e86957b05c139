"""Connections to PostgreSQL that wait for no answer for ever.

The server ends what takes too long by itself (statement_timeout), and TCP gives up on a machine
that is gone (tcp_user_timeout). Neither helps where something still takes our bytes and answers
nothing: a proxy, a firewall, a server that hangs.
"""

from collections.abc import Sequence
from typing import Any, TypeVar  # what SQLAlchemy hands on to a driver is typed by nobody

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from sqlalchemy import Engine, event

SECONDS = 7.0  # for one answer: more than statement_timeout, which ends what is only slow
LOOK_SECONDS = 0.1  # seconds between two looks whether somebody interrupts; psycopg's own

Answer = TypeVar("Answer")


class InTime(psycopg.Connection[TupleRow]):
    """What is not answered within SECONDS closes the connection. Raises OperationalError."""

    def wait(
        self, gen: PQGen[Answer], interval: float = LOOK_SECONDS, timeout: float | None = None
    ) -> Answer:
        try:
            return super().wait(gen, interval, SECONDS if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # no answer came
                self.pgconn.finish()
            raise


def answer_in_time(engine: Engine) -> None:
    """Have every connection of the engine be such a one."""

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _record: object, words: Sequence[Any], named: dict[str, Any]
    ) -> InTime:
        return InTime.connect(*words, **named)
