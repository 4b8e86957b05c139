"""`moderator doctor` goes as far as a mail would, and asks blocklists what each must list."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from moderator.clients.mail import SmtpMail
from moderator.domain.pages.health import MailTrouble
from tests.commands.clinic import Clinic
from tests.dns_server import FAILS, HERE, SILENT, NameServer, name_server
from tests.redis_server import free_port
from tests.smtp_server import SmtpServer

# Mail


def test_a_mail_server_that_would_take_a_mail_is_sent_none(clinic: Clinic) -> None:
    server = SmtpServer()
    with server.open() as url:
        clinic.set(SMTP_URL=url)
        state, detail, _ = clinic.doctor()["mail"]
    assert (state, detail) == ("ok", f"{url.removeprefix('smtp://')}: takes us, without TLS")
    assert (server.mails, "DATA" in server.heard) == ([], False)


def test_nobody_outside_is_asked_when_that_is_said(clinic: Clinic) -> None:
    server = SmtpServer()
    with server.open() as url, a_list({}) as (names, port):
        clinic.set(SMTP_URL=url, DNS_BLOCKLISTS=ZONE, DNS_RESOLVER=f"{HERE}:{port}")
        found = clinic.doctor("--offline")
    assert not {"mail", "blocklist"} & found.keys()
    assert (server.heard, names.asked) == ([], [])


def test_what_is_not_configured_is_not_spoken_of(clinic: Clinic) -> None:
    assert not {"mail", "blocklist"} & clinic.doctor().keys()


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """TLS of a server whose authority this machine trusts."""
    root, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    root.issue_cert("127.0.0.1").configure_cert(context)
    root.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context


LOGIN = ("AUTH PLAIN",)


def with_password(url: str) -> str:
    return url.replace("//", "//desk:p%40ss@")


def test_tls_and_the_password_are_tried(clinic: Clinic, certified: ssl.SSLContext) -> None:
    server = SmtpServer({"AUTH": "235 come in"}, extensions=LOGIN, tls=certified)
    with server.open() as url:
        clinic.set(SMTP_URL=with_password(url))
        state, detail, _ = clinic.doctor()["mail"]
    assert (state, detail.endswith(": takes us, with TLS, logged in")) == ("ok", True)
    assert server.heard.index("STARTTLS") < server.heard.index("AUTH")


def test_a_password_that_is_refused(clinic: Clinic, certified: ssl.SSLContext) -> None:
    server = SmtpServer({"AUTH": "535 p@ss? no"}, extensions=LOGIN, tls=certified)
    with server.open() as url:
        clinic.set(SMTP_URL=with_password(url))
        state, detail, cure = clinic.doctor()["mail"]
    assert (state, "it refuses the user and password (535)" in detail) == ("note", True)
    assert "user and password in SMTP_URL" in cure
    assert "p@ss" not in detail + cure


def test_a_password_is_not_sent_without_tls(clinic: Clinic) -> None:
    server = SmtpServer(extensions=LOGIN)
    with server.open() as url:
        clinic.set(SMTP_URL=with_password(url))
        state, detail, cure = clinic.doctor()["mail"]
    assert (state, "it offers no TLS" in detail, "smtps://" in cure) == ("note", True, True)
    assert "AUTH" not in server.heard


def test_a_certificate_that_nobody_vouches_for(clinic: Clinic) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with SmtpServer(tls=context).open() as url:
        clinic.set(SMTP_URL=url)
        state, detail, cure = clinic.doctor()["mail"]
    assert (state, "its certificate is refused" in detail, "its CA" in cure) == ("note", True, True)


def test_a_server_that_begins_without_tls_asked_as_one_that_begins_with_it(clinic: Clinic) -> None:
    with SmtpServer().open() as url:
        clinic.set(SMTP_URL=url.replace("smtp:", "smtps:"))
        state, detail, cure = clinic.doctor()["mail"]
    assert (state, "does not begin TLS" in detail, "(25, 587)" in cure) == ("note", True, True)


def test_a_server_that_sends_for_others_only(clinic: Clinic) -> None:
    with SmtpServer({"MAIL": "550 who are you"}).open() as url:
        clinic.set(SMTP_URL=url, MAIL_FROM="desk@example.org")
        state, detail, cure = clinic.doctor()["mail"]
    assert (state, "takes no mail from MAIL_FROM (550)" in detail) == ("note", True)
    assert "set MAIL_FROM" in cure


def test_a_server_that_refuses_from_the_start(clinic: Clinic) -> None:
    with SmtpServer(greeting="554 no").open() as url:
        clinic.set(SMTP_URL=url)
        state, detail, cure = clinic.doctor()["mail"]
    assert (state, "does not speak SMTP with us (554)" in detail) == ("note", True)
    assert "its log says why" in cure


def test_no_server(clinic: Clinic) -> None:
    clinic.set(SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    state, detail, cure = clinic.doctor()["mail"]
    assert (state, "no connection (ConnectionRefusedError)" in detail) == ("note", True)
    assert "see that it runs" in cure


def test_a_name_that_does_not_resolve(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    clinic.set(SMTP_URL="smtp://mail.example.org:587")
    state, detail, cure = clinic.doctor()["mail"]
    assert (state, "does not resolve" in detail, "right host" in cure) == ("note", True, True)


@pytest.mark.parametrize("said", [b"", b"220-wait\r\n" * 3])
def test_who_answers_nothing_or_never_to_the_end_is_given_up(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        taken: list[socket.socket] = []

        def answer() -> None:
            taken.append(server.accept()[0])
            taken[0].sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        report = SmtpMail(f"smtp://127.0.0.1:{port}", "desk@example.org").try_out(0.2)
        thread.join()
        taken[0].close()
    assert report.trouble is MailTrouble.SILENT


# Blocklists

ZONE = "dbl.test"
SOUND: dict[str, list[str] | str] = {
    "2.0.0.127.dbl.test": ["127.0.0.2"],
    "test.dbl.test": ["127.0.1.2"],
}


@contextmanager
def a_list(names: dict[str, list[str] | str]) -> Iterator[tuple[NameServer, int]]:
    """A name server in a thread, for who asks in another event loop."""
    loop = asyncio.new_event_loop()
    opening = name_server(names)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(opening.__aenter__(), loop).result()
    try:
        yield server, server.port
    finally:
        asyncio.run_coroutine_threadsafe(opening.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def asked(clinic: Clinic, names: dict[str, list[str] | str], zone: str = ZONE) -> tuple[str, ...]:
    with a_list(names) as (_, port):
        clinic.set(DNS_BLOCKLISTS=zone, DNS_RESOLVER=f"{HERE}:{port}")
        return clinic.doctor()["blocklist"]


@pytest.mark.parametrize(
    "names",
    [
        SOUND,
        {"2.0.0.127.dbl.test": ["127.0.0.2"]},
        {"test.dbl.test": ["127.0.1.2"]},
        # A list of names that answers questions about addresses all alike.
        {**SOUND, "1.0.0.127.dbl.test": ["127.0.1.255"], "2.0.0.127.dbl.test": ["127.0.1.255"]},
    ],
)
def test_a_list_that_lists_what_it_must(clinic: Clinic, names: dict[str, list[str] | str]) -> None:
    assert asked(clinic, names) == ("ok", "dbl.test: lists what it must alone", "")


@pytest.mark.parametrize(
    ("code", "why", "cure"),
    [
        ("127.255.255.252", "no zone of its lists", "DNS_BLOCKLISTS"),
        ("127.255.255.254", "public resolvers", "DNS_RESOLVER"),
        ("127.255.255.255", "too many questions", "terms"),
        ("127.0.0.1", "does not answer us", "DNS_RESOLVER"),
        ("192.0.2.80", "does not answer us", "DNS_RESOLVER"),
    ],
)
def test_a_refusal_is_named_as_one(clinic: Clinic, code: str, why: str, cure: str) -> None:
    found = asked(clinic, {f"{name}.{ZONE}": [code] for name in ("2.0.0.127", "test")})
    assert found[0] == "note"
    assert found[1] == f"dbl.test: refuses us: {found[1].partition('refuses us: ')[2]}"
    assert why in found[1]
    assert f"({code})" in found[1]
    assert cure in found[2]


@pytest.mark.parametrize("entry", ["1.0.0.127", "invalid"])
def test_a_list_that_lists_what_none_may(clinic: Clinic, entry: str) -> None:
    names = {"2.0.0.127.dbl.test": ["127.0.0.2"], f"{entry}.dbl.test": ["127.0.0.2"]}
    state, detail, cure = asked(clinic, {**names})
    assert (state, "lists what no list may" in detail) == ("note", True)
    assert "take it out of DNS_BLOCKLISTS" in cure


def test_a_zone_that_lists_nothing(clinic: Clinic) -> None:
    state, detail, cure = asked(clinic, {})
    assert (state, "lists none of what each must" in detail) == ("note", True)
    assert "zone's name" in cure


@pytest.mark.parametrize(("answer", "why"), [(SILENT, "nothing within"), (FAILS, "server failed")])
def test_a_resolver_that_does_not_answer(clinic: Clinic, answer: str, why: str) -> None:
    names = {f"{entry}.dbl.test": answer for entry in ("2.0.0.127", "test", "1.0.0.127", "invalid")}
    state, detail, cure = asked(clinic, {**names})
    assert (state, why in detail, "DNS_RESOLVER" in cure) == ("note", True, True)


def test_a_key_in_the_zone_is_not_shown(clinic: Clinic) -> None:
    found = asked(clinic, {}, zone="0123456789abcdef01.dbl.test")
    assert "0123456789abcdef01" not in " ".join(found)
    assert found[1].startswith("dbl.test: ")
