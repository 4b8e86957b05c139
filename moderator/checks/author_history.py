"""What did this site decide about the author before?

People's decisions count, halved with time; the machine's own once it stood a week unopposed. Who is
known so is trusted, unless the text shouts.
The blog's own people (signed in as administrator, editor, author or moderator) and those it calls
trusted are welcome. Where people decided both ways, the author's past says nothing.
"""

from dataclasses import dataclass

from moderator.domain.check import AuthorHistory, Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import FORGOTTEN
from moderator.domain.submission import Author, Submission
from moderator.domain.weights import WEIGHTS

NAME = "author_history"
STAFF_WEIGHT = -0.6
TRUSTED = -0.4
ONCE_SPAM = 0.5
OFTEN_SPAM = 0.8  # holds: an e-mail address proves nobody, and people change
SUSPECTED = 0.2
OFTEN = 1.5  # people's decisions, after decay
OFTEN_SUSPECTED = 2
UNKNOWN = AuthorHistory()
NOTHING = Finding(NAME, Signal.NEUTRAL, "This site knows nothing of the author's past")


@dataclass(frozen=True, slots=True)
class AuthorPast:
    """`known` is what it weighs that an author is known here."""

    known: float = WEIGHTS["known"]
    name: str = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        return _welcome(submission.author) or _judged(context, self.known)


def _welcome(author: Author) -> Finding | None:
    if author.is_staff:
        reason = f"The author is signed in as {author.role.strip().lower()} of this blog"
        return Finding(NAME, Signal.HAM, reason, code="own_staff", weight=STAFF_WEIGHT)
    if author.trusted:
        return Finding(
            NAME, Signal.HAM, "The blog trusts this author", code="trusted_author", weight=TRUSTED
        )
    return None


def _judged(context: Context, known: float) -> Finding:
    past = context.author_history
    if past == UNKNOWN:
        return NOTHING
    if past.is_known(context.now):
        signal, code, says, weight = _known(past, known)
    else:
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


def _known(past: AuthorHistory, weight: float) -> tuple[Signal, str, str, float]:
    if past.approved_by_person:
        says = "A moderator approved comments of this author"
        return Signal.HAM, "approved_before", says, weight
    says = "Comments of this author stand here for a week or longer, and nobody complained"
    return Signal.HAM, "published_before", says, weight


def _weighed(past: AuthorHistory) -> tuple[Signal, str, str, float]:
    is_spammer, is_welcome = past.spam_now >= FORGOTTEN, past.approved_now >= FORGOTTEN
    if is_spammer and not is_welcome:
        says = "A moderator called comments of this author spam"
        if past.spam_now >= OFTEN:
            return Signal.SPAM, "known_spammer", says, OFTEN_SPAM
        return Signal.SUSPECT, "spam_before", says, ONCE_SPAM
    if past.spam >= OFTEN_SUSPECTED and not past.approved:
        says = "Comments of this author were always taken for spam"
        return Signal.SUSPECT, "often_suspected", says, SUSPECTED
    return Signal.NEUTRAL, "", "The author's past on this site says nothing", 0.0
