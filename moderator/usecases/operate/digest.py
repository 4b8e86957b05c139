"""Tells moderators by mail what waits for them, each at most once an hour, and only news.

In this order, for each reader whose row of the queue is due:
1. what waits on the sites they chose, and may still see, is looked up;
2. if any of it is news to them, a mail is sent;
3. what was told is kept, and the row waits for an hour. A mail that cannot be sent is tried again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.account import Moderator
from moderator.domain.errors import InvalidError, TransientError
from moderator.domain.pages.digest import (
    EVERY,
    DigestReader,
    Say,
    SiteState,
    ToldState,
    body,
    is_news,
    subject,
)
from moderator.domain.queue import LEASES, Job, Ticket, backoff
from moderator.usecases.operate.ready import HeartbeatReader, silent
from moderator.usecases.ports import WorkQueue

LIMIT = 4  # mails that one claim may lead to: so many fit into its lease
LONGEST = 254  # characters of an address (RFC 5321)
NO_MAIL = "This is no mail address that we can write to"


class DigestStore(Protocol):
    def reader(self, moderator_id: str) -> DigestReader | None:
        """None for who may not log in, or chose nothing."""
        ...

    def states(self, site_ids: Sequence[str]) -> list[SiteState]: ...

    def keep(self, moderator_id: str, told: Mapping[str, ToldState]) -> None: ...

    def choose(
        self, moderator_id: str, mail: str, site_ids: Sequence[str], now: datetime, *, lang: str
    ) -> None:
        """From now on tell of these sites, or of none: then nothing waits any more."""
        ...

    def chosen(self, moderator_id: str) -> tuple[str, tuple[str, ...]]:
        """Mail address and sites."""
        ...


class Mail(Protocol):
    def send(self, to: str, subject: str, body: str) -> None:
        """Raises TransientError."""
        ...


@dataclass(frozen=True, slots=True)
class ChooseDigest:
    """What everybody chooses for themselves; `is_on` says whether mail can be sent at all."""

    store: DigestStore
    is_on: bool

    def __call__(
        self, moderator: Moderator, mail: str, sites: Sequence[str], now: datetime, *, lang: str
    ) -> None:
        """`lang` is that of the page, and so of the mail. Raises InvalidError: no address."""
        mine = [site for site in sites if moderator.scope is None or site in moderator.scope]
        name, at, host = mail.rpartition("@")
        is_plain = mail.isascii() and mail.isprintable() and not set(mail) & set(' <>,;:"()[]\\')
        if mine and not (at and name and "." in host and is_plain and len(mail) <= LONGEST):
            raise InvalidError(NO_MAIL)
        self.store.choose(moderator.id, mail if mine else "", mine, now, lang=lang)


@dataclass(frozen=True, slots=True)
class SendDigests:
    """`mail` is None where none can be sent: then nobody is told anything.

    `words` are those of a language, English for one that is not known.
    """

    queue: WorkQueue
    store: DigestStore
    pulse: HeartbeatReader
    mail: Mail | None
    words: Callable[[str], Say]
    public_url: str
    new_token: Callable[[], str]

    def __call__(self) -> int:
        """Tell those whose hour is over; return how many readers were looked at."""
        lease = LEASES[Job.DIGEST]
        tickets = self.queue.claim(Job.DIGEST, LIMIT, token=self.new_token(), lease=lease)
        for ticket in tickets:
            now = self.queue.now()
            try:
                self._tell(ticket.subject_id, now)
            except TransientError as error:
                self.queue.fail(ticket, error, now + backoff(ticket.attempts))
            else:
                self._rest(ticket, now)
        return len(tickets)

    def _rest(self, ticket: Ticket, now: datetime) -> None:
        self.queue.postpone(ticket, now + EVERY)

    def _tell(self, moderator_id: str, now: datetime) -> None:
        reader = self.store.reader(moderator_id)
        if reader is None or self.mail is None:
            return
        is_silent = "worker" in silent(self.pulse.seen_at(), now)
        states = self.store.states(sorted(reader.told))
        told = reader.told
        say = self.words(reader.lang)
        if any(is_news(one, told[one.site_id], is_silent=is_silent) for one in states):
            self.mail.send(
                reader.mail,
                subject(states, say, is_silent=is_silent),
                body(reader, states, say, self.public_url, is_silent=is_silent),
            )
        self.store.keep(
            moderator_id,
            {
                one.site_id: ToldState(
                    max(one.newest, told[one.site_id].newest), one.dead, is_silent
                )
                for one in states
            },
        )
