"""Does the author's name, page or e-mail address look like an advertisement rather than a person?

Nobody is suspect for a nickname, a script, capitals, digits, a page of their own or its address as
a name, nor for one word of trade, nor whom people here approved often. Asked of comments and
replies: a linkback is signed with the title of a page. An offer in the place of a name holds where
a page comes with it, and so do another's address and the front page of a portal; no more than that.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from moderator.domain.check import Context, TextScore
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from moderator.domain.text.advertising_words import CJK, is_compound_slogan, is_slogan, letters_of
from moderator.domain.text.fold import fold
from moderator.domain.urls.hosts import registrable
from moderator.domain.urls.parse import Url, read

NAME = "author_shape"
AT_MOST = 0.5
OFFER = 0.45  # in the place of a name, beside a page
LIKELY_OFFER = 0.2
SURE_ODDS, LIKELY_ODDS = 1.5, 1.0  # log-odds of the name model
PAGE_ODDS = 2.5
REGULAR = 3  # approvals after which nobody is judged by a name
SLOGAN = 0.2
NUMBER = 0.15
SMALL = 0.1
MAX_FIELD_CHARACTERS = 200  # characters of a name or e-mail address that are looked at
NOTHING = Finding(NAME, Signal.NEUTRAL, "The author's name, page and e-mail look like a person's")

ADDRESS = re.compile(
    r"https?:|\bwww\.|\S@[\w-]+\.\w"
    r"|(?<![\w.-])t\.me/\w"
    r"|(?<![\w-])-*+[\w-]{3,}\.(?:com|net|org|info|biz|shop|store|online|site|xyz|top|club|ru|co\.\w\w)\b"
)
DIGIT = re.compile(r"\d")
# An e-mail address or a handle that somebody typed into the field of the page.
USER = re.compile(r"\s*(?:https?://)?(?:[^/?#@\s]*@|@)", re.IGNORECASE)
HANDLE = re.compile(r"\b(?:telegram|whatsapp|wechat|skype|viber|signal)\b\s*:?\s*[@+\w]")
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
# Of portals nobody's page is the front page.
PORTALS = frozenset(
    """
    aol.com ask.com baidu.com bing.com duckduckgo.com facebook.com gmail.com google.co.uk google.com
    google.de hotmail.com instagram.com live.com mail.ru msn.com outlook.com twitter.com x.com
    yahoo.co.jp yahoo.com yandex.com yandex.ru youtube.com
    """.split()  # noqa: SIM905  # read as words
)
MAX_SIGNED_WORDS = 4  # words of a name that has the author's own page in it
SHORTEST = 6  # letters of a name that repeats a host


class AuthorShape:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        author = submission.author
        if submission.kind.is_linkback or not (author.name or author.url or author.email):
            return NOTHING
        page = context.about(submission).page
        url = None if page is None or USER.match(page.raw) else page.url
        parts = dict(
            _parts(author.name[:MAX_FIELD_CHARACTERS], author.email[:MAX_FIELD_CHARACTERS], url)
        ) | dict(_read(context.text_score, url, is_own=_is_own_address(author.name, url)))
        past = context.author_history
        if not parts or (past.approved >= REGULAR and not past.spam):
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            f"The author looks like an advertisement: {', '.join(parts)}",
            code="advertising_author",
            weight=min(AT_MOST, round(sum(parts.values()), 2)),
            evidence={"parts": parts, "name": author.name[:MAX_FIELD_CHARACTERS]},
        )


def _read(
    score: TextScore | None, page: Url | None, *, is_own: bool
) -> Iterator[tuple[str, float]]:
    """What the name model makes of the name and the page."""
    if score is None:
        return
    if score.author is not None and score.author >= LIKELY_ODDS and not is_own:
        is_sure = score.author >= SURE_ODDS and page is not None
        yield "the name reads like an offer", OFFER if is_sure else LIKELY_OFFER
    if score.page is not None and score.page >= PAGE_ODDS:
        yield "the page's address reads like an offer", SMALL


@lru_cache(maxsize=2048)  # most who write have written before
def _parts(signed: str, email: str, page: Url | None) -> tuple[tuple[str, float], ...]:
    """What looks like an advertisement, in words, with its weight."""
    name = fold(signed)[:MAX_FIELD_CHARACTERS]
    found: list[tuple[str, float]] = []
    if name:
        found += _in_name(name, page)
    if page is not None:
        found += _in_page(page)
    if is_slogan(fold(email.partition("@")[0])):
        found.append(("the e-mail address is made of words of trade", SMALL))
    return tuple(found)


def _in_name(name: str, page: Url | None) -> Iterator[tuple[str, float]]:
    host = registrable(page.host) if page else ""
    if ("." in name or ":" in name) and not _is_own_address(name, page):
        yield from _addresses(name, host)
    if DIGIT.search(name) and _is_number(name):
        yield "the name holds a telephone number", NUMBER
    if HANDLE.search(name):
        yield "the name says how to reach somebody", NUMBER
    if is_slogan(name):
        is_offer = page is not None and ord(max(name)) >= CJK  # two words of trade are all of it
        yield "the name is a slogan", OFFER if is_offer else SLOGAN
    if host and _repeats(name, host):
        yield "the name is that of a host which is a slogan", SMALL


def _is_own_address(name: str, page: Url | None) -> bool:
    """Whether somebody signs with the address of their own page."""
    if page is None or "." not in name or " " in name.strip():
        return False
    own = read(name if "://" in name else f"http://{name}")
    return own is not None and registrable(own.host) == registrable(page.host)


def _addresses(name: str, host: str) -> Iterator[tuple[str, float]]:
    """Whether there is an address in the name."""
    found = ADDRESS.search(name)
    if found is None or _is_signed_with(name, host):
        return
    if found[0].startswith("http") and (" " in name or host):
        yield "the name holds another address", OFFER
    else:
        yield "the name holds an address", SMALL


def _is_signed_with(name: str, host: str) -> bool:
    """Whether there is nothing but a name and the host of the author's own page."""
    if not host or host not in name or len(name.split()) > MAX_SIGNED_WORDS:
        return False
    after = name.partition(host)[2]
    return not after.startswith("/") or not after[1:2].isalnum()


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
    if registrable(page.host) in PORTALS and len(page.path) <= 1 and not page.query:
        yield "the page is the front page of a portal", OFFER
    *above, last = page.path.lower().strip("/").split("/")
    sells = next((segment for segment in above if segment in SELLS), "")
    if sells or ("-" in last and is_slogan(last)):
        yield f"the page is one that sells (/{sells or last})", SMALL
    elif page.query:
        counted = next((p for p in PARAMETER.findall(page.query.lower()) if p in COUNTED), "")
        if counted:
            yield f"the page's address counts visitors ({counted})", SMALL
