"""Is the author's e-mail address one that is thrown away after use? Slightly suspect, no more."""

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission

NAME = "disposable_email"
THROWN_AWAY = 0.1
# fmt: off
DOMAINS = frozenset((
    "10minutemail.com", "20minutemail.com", "dispostable.com", "emailondeck.com",
    "fakeinbox.com", "getairmail.com", "getnada.com", "grr.la", "guerrillamail.com",
    "guerrillamail.net", "guerrillamail.org", "inboxkitten.com", "mail-temp.com",
    "mailcatch.com", "maildrop.cc", "mailexpire.com", "mailinator.com", "mailnesia.com",
    "mintemail.com", "mohmal.com", "moakt.com", "mytemp.email", "sharklasers.com", "spam4.me",
    "spambox.us", "spamgourmet.com", "temp-mail.io", "temp-mail.org", "tempail.com",
    "tempinbox.com", "tempmail.dev", "tempr.email", "throwawaymail.com", "trash-mail.com",
    "trashmail.com", "trashmail.de", "wegwerfmail.de", "yopmail.com", "yopmail.fr",
    "yopmail.net",
))
# fmt: on


class DisposableEmail:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        domain = submission.author.email.rpartition("@")[2].strip().lower()
        found = next((name for name in _with_parents(domain) if name in DOMAINS), "")
        if not found:
            return Finding(NAME, Signal.NEUTRAL, "The e-mail address is not known as disposable")
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"The e-mail address is a disposable one ({found})",
            code=NAME,
            weight=THROWN_AWAY,
            evidence={"domain": found},
        )


def _with_parents(domain: str) -> list[str]:
    labels = domain.split(".")[-5:]
    return [".".join(labels[start:]) for start in range(len(labels))]
