"""What is kept of one author: whom somebody asks about, and what there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderator.domain.submission import Author, Submission


@dataclass(frozen=True, slots=True)
class AuthorQuery:
    """Whoever has all that is given of this; '' is not asked about."""

    email: str = ""
    ip: str = ""

    def is_by(self, author: Author) -> bool:
        """Whether it is this author's; e-mail addresses are the same in any case."""
        if not (self.email or self.ip):
            return False
        has_email = _plain(author.email) == _plain(self.email) or not self.email
        return has_email and (author.ip.strip() == self.ip.strip() or not self.ip)


@dataclass(frozen=True, slots=True)
class Personal:
    """One submission with all that an author may ask to see of it."""

    id: str
    status: str
    submission: Submission
    earlier: Submission | None
    decisions: Sequence[dict[str, object]]


def _plain(email: str) -> str:
    return email.strip().casefold()
