"""Sends mail over SMTP, one connection a mail: a digest is a few an hour."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from moderator.domain.errors import MailError

SECONDS = 10  # for the connection, and for each answer
PORTS = {"smtp": 25, "smtps": 465}


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
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(
                f"The mail server did not take a mail: {type(error).__name__}"
            ) from error

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
                raise smtplib.SMTPNotSupportedError("no TLS, so no password is sent")
            server.login(unquote(parts.username), unquote(parts.password or ""))
