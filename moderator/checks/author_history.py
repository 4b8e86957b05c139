"""What did this site decide about the author before?

People's decisions count, halved with time; the machine's own hardly.
The blog's own people (signed in as administrator, editor, author or moderator) and those it calls
trusted are welcome. Where people decided both ways, the author's past says nothing.
"""

from moderator.domain.check import AuthorHistory, Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.reputation import FORGOTTEN
from moderator.domain.submission import Author, Submission

NAME = "author_history"

STAFF_WEIGHT = -0.6
TRUSTED = -0.4
APPROVED = -0.3
OFTEN_APPROVED = -0.1
ONCE_SPAM = 0.5
OFTEN_SPAM = 0.8  # holds: an e-mail address proves nobody, and people change
SUSPECTED = 0.2
OFTEN = 1.5  # people's decisions, after decay
OFTEN_SUSPECTED = 2
REGULAR = 3
UNKNOWN = AuthorHistory()
NOTHING = Finding(NAME, Signal.NEUTRAL, "This site knows nothing of the author's past")


class AuthorPast:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        return _welcome(submission.author) or _judged(context.author_history)


def _welcome(author: Author) -> Finding | None:
    if author.is_staff:
        reason = f"The author is signed in as {author.role.strip().lower()} of this blog"
        return Finding(NAME, Signal.HAM, reason, code="own_staff", weight=STAFF_WEIGHT)
    if author.trusted:
        return Finding(
            NAME, Signal.HAM, "The blog trusts this author", code="trusted_author", weight=TRUSTED
        )
    return None


def _judged(past: AuthorHistory) -> Finding:
    if past == UNKNOWN:
        return NOTHING
    signal, code, says, weight = _weighed(past)
    if code:
        since = f" since {past.first_seen:%B %Y}" if past.first_seen else ""
        says = f"{says} ({past.approved} approved, {past.spam} spam{since})"
    return Finding(
        NAME,
        signal,
        says,
        code=code,
        weight=weight,
        evidence={
            "approved": past.approved,
            "approved_by_person": past.approved_by_person,
            "spam": past.spam,
            "spam_by_person": past.spam_by_person,
            "approved_now": round(past.approved_now, 2),
            "spam_now": round(past.spam_now, 2),
            "first_seen": past.first_seen.isoformat() if past.first_seen else None,
        },
    )


def _weighed(past: AuthorHistory) -> tuple[Signal, str, str, float]:
    is_spammer, is_welcome = past.spam_now >= FORGOTTEN, past.approved_now >= FORGOTTEN
    if is_spammer and not is_welcome:
        says = "A moderator called comments of this author spam"
        if past.spam_now >= OFTEN:
            return Signal.SPAM, "known_spammer", says, OFTEN_SPAM
        return Signal.SUSPECT, "spam_before", says, ONCE_SPAM
    if is_welcome and not is_spammer:
        says = "A moderator approved comments of this author"
        return Signal.HAM, "approved_before", says, APPROVED
    if past.approved >= REGULAR and not past.spam:
        says = "Comments of this author were always approved"
        return Signal.HAM, "often_approved", says, OFTEN_APPROVED
    if past.spam >= OFTEN_SUSPECTED and not past.approved:
        says = "Comments of this author were always taken for spam"
        return Signal.SUSPECT, "often_suspected", says, SUSPECTED
    return Signal.NEUTRAL, "", "The author's past on this site says nothing", 0.0
