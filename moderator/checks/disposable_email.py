"""Is the author's e-mail address one that is thrown away after use? Slightly suspect, no more."""

from functools import lru_cache

from disposable_email_domains import blocklist

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission

NAME = "disposable_email"
THROWN_AWAY = 0.1
MORE = frozenset({"mail-temp.com", "spamgourmet.com", "temp-mail.io", "tempmail.dev"})
# Old mail providers with ordinary customers, which the list names all the same.
ORDINARY = frozenset({"21cn.com"})
DEEPEST = 5  # labels of a host that are looked at
NOTHING = Finding(NAME, Signal.NEUTRAL, "The e-mail address is not known as disposable")


class DisposableEmail:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        if not submission.author.email:
            return NOTHING
        found = _disposable(submission.author.email.rpartition("@")[2])
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


@lru_cache(maxsize=1024)  # most people are with a few providers
def _disposable(domain: str) -> str:
    """The domain, or the one above it, that is known; '' for none."""
    labels = domain.strip().lower().split(".")[-DEEPEST:]
    names = (".".join(labels[start:]) for start in range(len(labels)))
    return next((name for name in names if _is_listed(name)), "")


def _is_listed(name: str) -> bool:
    """Asked of the list as it is: a mended copy of it would be half a megabyte in each process."""
    return name in MORE or (name in blocklist and name not in ORDINARY)
