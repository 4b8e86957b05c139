"""What is kept of one author: whom somebody asks about, and what there is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moderator.domain.content.facts import Mask
from moderator.domain.content.removal import email_hash, ip_hash
from moderator.domain.submission import Author, Submission


@dataclass(frozen=True, slots=True)
class AuthorQuery:
    """Whoever has all that is given of this; '' is not asked about.

    `email_key` and `ip_key` are what stands where an address was taken away in time.
    """

    email: str = ""
    ip: str = ""
    email_key: str = ""
    ip_key: str = ""

    def masked(self, mask: Mask) -> "AuthorQuery":
        """The same, with the keys by which it is found where addresses are gone."""
        email_key, ip_key = mask(email_hash(self.email)), mask(ip_hash(self.ip))
        return replace(self, email_key=email_key, ip_key=ip_key)

    def is_by(self, author: Author) -> bool:
        """Whether it is this author's; e-mail addresses are the same in any case."""
        if not (self.email or self.ip):
            return False
        return self._has_email(author) and self._has_ip(author)

    def _has_email(self, author: Author) -> bool:
        if not self.email or (self.email_key and author.email_key == self.email_key):
            return True
        return email_hash(author.email) == email_hash(self.email)

    def _has_ip(self, author: Author) -> bool:
        if not self.ip or (self.ip_key and author.ip_key == self.ip_key):
            return True
        return ip_hash(author.ip) == ip_hash(self.ip)

    @property
    def words(self) -> tuple[str, ...]:
        """By what people name such an author in their rules and lists."""
        return tuple(each.strip().lower() for each in (self.email, self.ip) if each.strip())


@dataclass(frozen=True, slots=True)
class Personal:
    """One submission with all that an author may ask to see of it."""

    id: str
    status: str
    submission: Submission
    earlier: Submission | None
    decisions: Sequence[dict[str, object]]
    notes: Sequence[dict[str, object]] = ()
