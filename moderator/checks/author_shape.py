"""Does the author's name, page or e-mail address look like an advertisement rather than a person?

Nobody is suspect for a nickname, a script, capitals, digits or a page of their own, nor for one
word of trade. Asked of comments and replies: a linkback is signed with the title of a page. However
much is found, it does not hold a comment alone.
"""

import re
from collections.abc import Iterator

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.folding import fold
from moderator.domain.hosts import registrable
from moderator.domain.submission import Author, Submission
from moderator.domain.trade_words import is_compound_slogan, is_slogan, letters_of
from moderator.domain.urls import Url

NAME = "author_shape"
AT_MOST = 0.3
SLOGAN = 0.2
NUMBER = 0.15
SMALL = 0.1
LONGEST = 200  # characters of a name or e-mail address that are looked at
NOTHING = Finding(NAME, Signal.NEUTRAL, "The author's name, page and e-mail look like a person's")

ADDRESS = re.compile(
    r"https?:|\bwww\.|\S@[\w-]+\.\w"
    r"|(?<![\w-])-*+[\w-]{3,}\.(?:com|net|org|info|biz|shop|store|online|site|xyz|top|club|ru|co\.\w\w)\b"
)
DIGIT = re.compile(r"\d")
# A number as people write it down to be called: with a plus, or in groups. Long digits alone are
# nicknames, dates are too short.
PHONE = re.compile(
    r"\+\d(?:[\s().-]{0,2}\d){8,14}|(?<![\w-])\(?\d{2,5}\)?(?:[\s/-]{1,2}\d{2,5}){2,4}(?!\w)"
)
FEWEST_DIGITS = 9
SELLS = frozenset(
    """
    acheter angebot angebote buy cart checkout comprar coupon coupons deal deals kaufen landing lp
    offer offers order prodotto product product-category product-page producto productos products
    produit produits produkt produkte promo
    """.split()  # noqa: SIM905  # read as words
)
COUNTED = frozenset(
    """
    a_aid a_bid aff aff_id affid affiliate affiliate_id afid awc cjevent click_id clickid gclid
    irclickid irgwc partner_id partnerid promo promocode ref_code refcode referral sub_id subid
    utm_campaign utm_medium utm_source
    """.split()  # noqa: SIM905  # read as words
)
PARAMETER = re.compile(r"(?:^|&)([^=&]+)=")
SHORTEST = 6  # letters of a name that repeats a host


class AuthorShape:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        author = submission.author
        if submission.kind.is_linkback or not (author.name or author.url or author.email):
            return NOTHING
        page = context.about(submission).page
        parts = dict(_parts(author, None if page is None else page.url))
        if not parts:
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"The author looks like an advertisement: {', '.join(parts)}",
            code="advertising_author",
            weight=min(AT_MOST, round(sum(parts.values()), 2)),
            evidence={"parts": parts, "name": author.name[:LONGEST]},
        )


def _parts(author: Author, page: Url | None) -> Iterator[tuple[str, float]]:
    """What looks like an advertisement, in words, with its weight."""
    name = fold(author.name[:LONGEST])[:LONGEST]
    if name:
        yield from _in_name(name, page)
    if page is not None:
        yield from _in_page(page)
    if is_slogan(fold(author.email[:LONGEST].partition("@")[0])):
        yield "the e-mail address is made of words of trade", SMALL


def _in_name(name: str, page: Url | None) -> Iterator[tuple[str, float]]:
    host = registrable(page.host) if page else ""
    if ("." in name or ":" in name) and _is_address(name, host):
        yield "the name holds an address", SMALL
    if DIGIT.search(name) and _is_number(name):
        yield "the name holds a telephone number", NUMBER
    if is_slogan(name):
        yield "the name is a slogan", SLOGAN
    if host and _repeats(name, host):
        yield "the name is that of a host which is a slogan", SMALL


def _is_address(name: str, host: str) -> bool:
    """Whether there is an address in the name; bloggers sign with that of their page."""
    return ADDRESS.search(name) is not None and name.removeprefix("www.") != host


def _is_number(name: str) -> bool:
    found = PHONE.search(name)
    return found is not None and len(DIGIT.findall(found[0])) >= FEWEST_DIGITS


def _repeats(name: str, host: str) -> bool:
    """Whether the name says what the host says, and that is a slogan."""
    label = letters_of(host.partition(".")[0])
    letters = letters_of(name)
    if min(len(label), len(letters)) < SHORTEST or not (label in letters or letters in label):
        return False
    return is_compound_slogan(label) or is_slogan(host.partition(".")[0])


def _in_page(page: Url) -> Iterator[tuple[str, float]]:
    *above, last = page.path.lower().strip("/").split("/")
    sells = next((segment for segment in above if segment in SELLS), "")
    if sells or ("-" in last and is_slogan(last)):
        yield f"the page is one that sells (/{sells or last})", SMALL
    elif page.query:
        counted = next((p for p in PARAMETER.findall(page.query.lower()) if p in COUNTED), "")
        if counted:
            yield f"the page's address counts visitors ({counted})", SMALL
