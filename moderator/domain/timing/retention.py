"""How long what people wrote is kept: in days, for the installation and for each site.

Days count from the latest decision. What waits for a person, or was not told to the blog yet, is
kept however old it is.
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_DAYS = 3_650
FOREVER = 0  # days: nothing is taken away


class Part(StrEnum):
    """What is taken away in time."""

    ADDRESSES = "addresses"  # e-mail and IP address, browser, referrer, extra fields
    WORDS = "words"  # text and author of what was refused
    PAGES = "pages"  # what a linkback's source said: the page, and what was quoted of it


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that each part is kept; FOREVER keeps it until it is erased."""

    addresses: int = 90
    words: int = 180
    pages: int = 30

    def days(self, part: Part) -> int:
        return {
            Part.ADDRESSES: self.addresses,
            Part.WORDS: self.words,
            Part.PAGES: self.pages,
        }[part]


@dataclass(frozen=True, slots=True)
class RetentionChoice:
    """What a site chose; None is as the installation has it."""

    addresses: int | None = None
    words: int | None = None
    pages: int | None = None

    def days(self, part: Part) -> int | None:
        return {
            Part.ADDRESSES: self.addresses,
            Part.WORDS: self.words,
            Part.PAGES: self.pages,
        }[part]

    def over(self, usual: Retention) -> Retention:
        return Retention(
            addresses=usual.addresses if self.addresses is None else self.addresses,
            words=usual.words if self.words is None else self.words,
            pages=usual.pages if self.pages is None else self.pages,
        )


def read_days(given: str, usual: str = "") -> int | None:
    """Days as somebody types them; None for nothing, and for the word `usual`.

    Raises ValueError.
    """
    text = given.strip()
    if text in ("", usual):
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_DAYS))
    if not is_number or int(text) > MAX_DAYS:
        raise ValueError(f"Days are a whole number from {FOREVER} (for ever) to {MAX_DAYS}")
    return int(text)
