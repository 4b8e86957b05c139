"""Connections to PostgreSQL that wait for no answer for ever.

The server ends what takes too long by itself (statement_timeout), and TCP gives up on a machine
that is gone (tcp_user_timeout). Neither helps where something still takes our bytes and answers
nothing: a proxy, a firewall, a server that hangs.
"""

from collections.abc import Sequence
from typing import Any  # what SQLAlchemy and a driver hand on is typed by nobody

from sqlalchemy import Engine, event

SECONDS = 7.0  # for one answer: more than statement_timeout, which ends what is only slow
LOOK_SECONDS = 0.1  # seconds between two looks whether somebody interrupts; psycopg's own


def answer_in_time(engine: Engine) -> None:
    """Have every connection of the engine be one whose waits end."""
    driver: Any = engine.dialect.dbapi  # psycopg, which is loaded for who has PostgreSQL only

    class InTime(driver.Connection):  # type: ignore[misc]  # untyped, see above
        """What is not answered within SECONDS closes the connection. Raises OperationalError."""

        def wait(
            self, gen: object, interval: float = LOOK_SECONDS, timeout: float | None = None
        ) -> object:
            try:
                return super().wait(gen, interval, SECONDS if timeout is None else timeout)
            except driver.OperationalError:
                if self.pgconn.transaction_status == driver.pq.TransactionStatus.ACTIVE:
                    self.pgconn.finish()  # no answer came
                raise

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _record: object, words: Sequence[Any], named: dict[str, Any]
    ) -> object:
        return InTime.connect(*words, **named)
