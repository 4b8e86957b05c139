"""Is the author's e-mail address one that is thrown away after use? Slightly suspect, no more."""

from disposable_email_domains import blocklist

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission

NAME = "disposable_email"
THROWN_AWAY = 0.1
MORE = frozenset({"mail-temp.com", "spamgourmet.com", "temp-mail.io", "tempmail.dev"})
# Old mail providers with ordinary customers, which the list names all the same.
ORDINARY = frozenset({"21cn.com"})
DOMAINS = (blocklist | MORE) - ORDINARY
DEEPEST = 5  # labels of a host that are looked at
NOTHING = Finding(NAME, Signal.NEUTRAL, "The e-mail address is not known as disposable")


class DisposableEmail:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        if not submission.author.email:
            return NOTHING
        domain = submission.author.email.rpartition("@")[2].strip().lower()
        found = next((name for name in _with_parents(domain) if name in DOMAINS), "")
        if not found:
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"The e-mail address is a disposable one ({found})",
            code=NAME,
            weight=THROWN_AWAY,
            evidence={"domain": found},
        )


def _with_parents(domain: str) -> list[str]:
    labels = domain.split(".")[-DEEPEST:]
    return [".".join(labels[start:]) for start in range(len(labels))]
