"""Sends mail over SMTP, one connection a mail: a digest is a few an hour."""

import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from moderator.domain.errors import MailError
from moderator.domain.pages.health import MailReport, MailTrouble

SECONDS = 10  # for the connection, and for each answer
TRIAL_SECONDS = 10.0  # for all of a trial, whatever the server does
TAKEN = 250
PORTS = {"smtp": 25, "smtps": 465}
FAILURES = (OSError, ValueError)  # SMTPException is the first; a password may not be sent as ASCII


class NoTlsError(smtplib.SMTPNotSupportedError):
    """The server offers no TLS, and there is a password that is not sent without."""


class SenderError(smtplib.SMTPResponseException):
    """The server takes no mail from our address."""


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Honours usecases/operate/digest.py Mail.

    `url` is smtp://[USER:PASSWORD@]HOST[:PORT], or smtps:// for TLS from the start. Over smtp://
    TLS is begun where the server offers it; a password is never sent without.
    """

    url: str
    sender: str

    def send(self, to: str, subject: str, body: str) -> None:
        """Raises MailError, also for a server that refuses the mail."""
        message = EmailMessage()
        message["From"], message["To"] = self.sender, to
        message["Subject"] = "".join(one for one in subject if one.isprintable())
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or "localhost")
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from machines
        message.set_content(body)
        parts = urlsplit(self.url)
        try:
            with self._connect(parts) as server:
                self._begin(server, parts)
                server.send_message(message)
        except FAILURES as error:
            raise MailError(
                f"The mail server did not take a mail: {type(error).__name__}"
            ) from error

    def try_out(self, seconds: float = TRIAL_SECONDS) -> MailReport:
        """Go as far as a mail would without sending one; takes `seconds` at most."""
        parts = urlsplit(self.url)
        server = f"{parts.hostname or 'localhost'}:{parts.port or PORTS[parts.scheme]}"
        reports: list[MailReport] = []

        def talk() -> None:
            try:
                reports.append(MailReport(server, self._talk(parts)))
            except FAILURES as error:
                reports.append(_report(server, error))

        # A thread of its own: a look-up has no time-out, and who drips a line outlasts all of ours.
        thread = threading.Thread(target=talk, name="mail trial", daemon=True)
        thread.start()
        thread.join(seconds)
        late = MailReport(server, f"no complete answer in {seconds:g} s", MailTrouble.SILENT)
        return reports[0] if reports else late

    def _talk(self, parts: SplitResult) -> str:
        """How the server takes us. Raises SMTPException, OSError."""
        with self._connect(parts) as server:
            self._begin(server, parts)
            code, _ = server.mail(self.sender)
            if code != TAKEN:
                raise SenderError(code, b"")
            server.rset()
            is_safe = isinstance(server.sock, ssl.SSLSocket)
        told = ["takes us", "with TLS" if is_safe else "without TLS"]
        return ", ".join([*told, *(["logged in"] if parts.username else [])])

    def _connect(self, parts: SplitResult) -> smtplib.SMTP:
        host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        if parts.scheme == "smtps":
            safe = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=safe)
        return smtplib.SMTP(host, port, timeout=SECONDS)

    @staticmethod
    def _begin(server: smtplib.SMTP, parts: SplitResult) -> None:
        is_safe = parts.scheme == "smtps"
        server.ehlo()
        if not is_safe and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            is_safe = True
        if parts.username:
            if not is_safe:
                raise NoTlsError("no TLS, so no password is sent")
            server.login(unquote(parts.username), unquote(parts.password or ""))


# The first that fits says what happened: each is more exact than those after it.
TROUBLES: tuple[tuple[type[Exception], MailTrouble, str], ...] = (
    (socket.gaierror, MailTrouble.NO_NAME, "its name does not resolve"),
    (ssl.SSLCertVerificationError, MailTrouble.CERTIFICATE, "its certificate is refused"),
    (ssl.SSLError, MailTrouble.NO_TLS, "it does not begin TLS with us"),
    (TimeoutError, MailTrouble.SILENT, "it does not answer"),
    (NoTlsError, MailTrouble.NO_TLS, "it offers no TLS, so no password is sent"),
    (SenderError, MailTrouble.SENDER, "it takes no mail from MAIL_FROM"),
    (smtplib.SMTPAuthenticationError, MailTrouble.LOGIN, "it refuses the user and password"),
    (smtplib.SMTPNotSupportedError, MailTrouble.LOGIN, "it knows no way to log in that we know"),
    (smtplib.SMTPException, MailTrouble.OTHER, "it does not speak SMTP with us"),
    (OSError, MailTrouble.AWAY, "no connection"),
    (ValueError, MailTrouble.LOGIN, "user and password must be ASCII"),
)


def _report(server: str, error: Exception) -> MailReport:
    """Without the words of the server: they may repeat what it was told."""
    found = next(one for one in TROUBLES if isinstance(error, one[0]))
    code = getattr(error, "smtp_code", "")
    evidence = getattr(error, "verify_message", "") or code or type(error).__name__
    return MailReport(server, f"{found[2]} ({evidence})", found[1])
