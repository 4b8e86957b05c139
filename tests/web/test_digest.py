"""Told by mail: what is new, to who asked for it, at most once an hour; links change nothing."""

import re
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select, update

from moderator.catalogue import ENGLISH, NAMES, catalogue
from moderator.clients.mail import SmtpMail
from moderator.domain.pages.digest import EVERY, WORDS
from moderator.domain.queue import Job
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.people.digests import DigestRows
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import deliveries, pulse, queue
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.usecases.operate.digest import Mail, SendDigests
from tests.builders import a_submission
from tests.smtp_server import SmtpServer
from tests.stock import stock
from tests.web.desk import Office, words
from tests.web.held import HOLD

tokens = count()


def send(database: Database, url: str) -> int:
    """Tell who is due, over SMTP."""
    mail: Mail | None = SmtpMail(url, "desk@example.org") if url else None
    return SendDigests(
        queue=Queue(database),
        store=DigestRows(database),
        pulse=HeartbeatRows(database),
        mail=mail,
        words=lambda code: catalogue(code).gettext,
        public_url="https://desk.example.org",
        new_token=lambda: f"digest-{next(tokens)}",
    )()


def an_hour_passes(office: Office) -> None:
    """What waits for its hour is due."""
    with office.database.write() as connection:
        connection.execute(update(queue).where(queue.c.job == "digest").values(due_at=0))


def hold(office: Office, number: int, site: str = "blog", *, at: datetime | None = None) -> None:
    when = at or office.now + timedelta(minutes=number)
    one = a_submission(
        f"Remark {number}.", id=f"s{number}", platform_id=str(number), site_id=site,
        received_at=when,
    )  # fmt: skip
    stock(office.database, one, HOLD)


def subscribe(office: Office, name: str, *sites: str, mail: str = "") -> None:
    browser = office.browser(name)
    page = browser.get("/account")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf": token[1], "mail": mail or f"{name}@example.org", "site": list(sites)}
    given = {"Origin": office.public_url, "Sec-Fetch-Site": "same-origin"}
    answer = browser.client.post(
        "/account/digest", data=form, headers=given, base_url=office.public_url
    )
    assert answer.location == "/account?done=told"


def test_what_is_held_is_told_once_and_then_what_is_new(office: Office) -> None:
    server = SmtpServer()
    hold(office, 1)
    hold(office, 2)
    subscribe(office, "ben", "blog")
    with server.open() as url:
        assert send(office.database, url) == 1
        assert send(office.database, url) == 0  # not within the hour
        an_hour_passes(office)
        assert send(office.database, url) == 1
        assert len(server.mails) == 1  # nothing changed
        office.browser("ben").decide("s1", "spam")
        an_hour_passes(office)
        send(office.database, url)
        assert len(server.mails) == 1  # less is no news
        hold(office, 3)
        an_hour_passes(office)
        send(office.database, url)
    first, second = server.mails
    assert (first["To"], first["From"]) == ("ben@example.org", "desk@example.org")
    assert first["Subject"] == "Moderator: 2 held"
    assert first["Auto-Submitted"] == "auto-generated"
    assert "https://desk.example.org/queue?shelf=held&site=blog" in first.get_content()
    assert second["Subject"] == "Moderator: 2 held"


def test_links_open_pages_and_change_nothing(office: Office) -> None:
    server = SmtpServer()
    hold(office, 1)
    with office.database.write() as connection:
        connection.execute(update(deliveries).values(state="dead"))
    subscribe(office, "ben", "blog")
    with server.open() as url:
        send(office.database, url)
    said = server.mails[0].get_content()
    links = re.findall(r"https://desk\.example\.org(/\S+)", said)
    assert len(links) == 3
    ben = office.browser("ben")
    before = standing(office)
    for link in links:
        assert ben.get(link).status_code == 200, link
        assert office.browser().get(link).status_code == 303  # to log in
    assert standing(office) == before
    assert "1 verdicts could not be delivered" in said


def standing(office: Office) -> list[object]:
    with office.database.read() as connection:
        sql = "SELECT id, status, sequence FROM submissions ORDER BY id"
        return list(connection.exec_driver_sql(sql).all())


def test_each_is_told_of_the_sites_they_chose_and_see(office: Office) -> None:
    server = SmtpServer()
    hold(office, 1, "blog")
    hold(office, 2, "other")
    subscribe(office, "anna", "blog", "other")
    subscribe(office, "ben", "blog", "other")  # `other` is not his
    with server.open() as url:
        send(office.database, url)
        told = {mail["To"]: mail.get_content() for mail in server.mails}
        assert "site=other" in told["anna@example.org"]
        assert "site=other" not in told["ben@example.org"]
        office.staff.assign("ben", office.staff.all(office.now)[1].moderator.role, ("other",))
        hold(office, 3, "blog")
        an_hour_passes(office)
        send(office.database, url)
    assert [mail["To"] for mail in server.mails[2:]] == ["anna@example.org"]


def test_nobody_is_told_who_is_out_or_chose_nothing(office: Office) -> None:
    server = SmtpServer()
    hold(office, 1)
    subscribe(office, "ben", "blog")
    office.staff.disable("ben", office.now)
    subscribe(office, "anna", "blog")
    subscribe(office, "anna")
    with server.open() as url:
        send(office.database, url)
    assert server.mails == []
    with office.database.read() as connection:
        wanted = select(func.count()).where(queue.c.job == Job.DIGEST.value)
        assert connection.scalar(wanted) == 1  # ben's, who may come back


def test_silent_workers_are_told(office: Office) -> None:
    server = SmtpServer()
    subscribe(office, "ben", "blog")
    now = office.database.now()
    with office.database.write() as connection:
        for name, ago in (("worker here", 5), ("sweeper here", 0)):
            seen_at = to_ms(now - timedelta(minutes=ago))
            connection.execute(pulse.insert().values(name=name, seen_at=seen_at))
    with server.open() as url:
        send(office.database, url)
        an_hour_passes(office)
        send(office.database, url)
    [mail] = server.mails
    assert mail["Subject"] == "Moderator: the workers are silent"


def test_a_mail_that_is_not_taken_is_tried_again_later(office: Office) -> None:
    server = SmtpServer({"RCPT": "451 not now"})
    hold(office, 1)
    subscribe(office, "ben", "blog")
    with server.open() as url:
        assert send(office.database, url) == 1
        assert server.mails == []
        with office.database.read() as connection:
            due, attempts = connection.execute(
                select(queue.c.due_at, queue.c.attempts).where(queue.c.job == "digest")
            ).one()
        assert due < to_ms(office.database.now() + EVERY)
        assert attempts == 1
        server.answers.clear()
        an_hour_passes(office)
        send(office.database, url)
    assert len(server.mails) == 1
    an_hour_passes(office)
    assert send(office.database, "smtp://127.0.0.1:9") == 1  # nobody there, and nothing to tell


@pytest.mark.parametrize(
    "mail",
    [
        "", "ben", "ben@", "@example.org", "ben@here", "a b@example.org", "b\u00e9@example.org",
        "ben@example.org,eve@example.org", f"{'x' * 250}@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(office: Office, mail: str) -> None:
    ben = office.browser("ben")
    answer = ben.submit("/account", "/account/digest", mail=mail, site="blog")
    assert answer.status_code == 422
    assert "no mail address" in words(answer)
    assert DigestRows(office.database).chosen(ben_id(office)) == ("", ())


def ben_id(office: Office) -> str:
    return next(a.moderator.id for a in office.staff.all(office.now) if a.moderator.name == "ben")


def test_without_a_server_nobody_is_asked_and_nothing_is_lost(office: Office) -> None:
    hold(office, 1)
    subscribe(office, "ben", "blog")
    assert send(office.database, "") == 1
    office.is_mail_on = False
    assert "No mail server is set here" in words(office.browser("ben").get("/account"))


def test_a_name_cannot_forge_a_header() -> None:
    server = SmtpServer()
    with server.open() as url:
        SmtpMail(url, "desk@example.org").send(
            "ben@example.org", "Held\r\nBcc: eve@example.org", "Text\n.\nmore\n"
        )
    [mail] = server.mails
    assert mail["Bcc"] is None
    assert mail.get_content().splitlines() == ["Text", ".", "more"]


@pytest.mark.parametrize(
    ("asked", "subject", "said"),
    [
        ("de-AT,de", "Moderator: 1 zur\u00fcckgehalten", "Guten Tag ben,"),
        ("fr", "Moderator: 1 en attente", "Bonjour ben,"),
        ("en", "Moderator: 1 held", "Hello ben,"),
    ],
)
def test_a_mail_speaks_the_language_it_was_asked_for_in(
    office: Office, asked: str, subject: str, said: str
) -> None:
    hold(office, 1)
    browser = office.browser("ben")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = asked
    browser.submit("/account", "/account/digest", mail="ben@example.org", site="blog")
    server = SmtpServer()
    with server.open() as url:
        assert send(office.database, url) == 1
    (mail,) = server.mails
    assert mail["Subject"] == subject
    assert said in mail.get_content()


@pytest.mark.parametrize("code", NAMES)
def test_the_mail_fills_in_the_same_in_every_language(code: str) -> None:
    for english in WORDS:
        own = catalogue(code).gettext(english)
        assert re.findall(r"{\w+}", own) == re.findall(r"{\w+}", english), english
        assert (own == english) == (code == ENGLISH), english
