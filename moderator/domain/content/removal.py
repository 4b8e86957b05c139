"""What is left of a submission, and of what was said about it, when a part had its time.

What counts on stays: keys, verdicts, codes and what they add, the ids that are named. Where an
address stood, a keyed hash stands, by which who gives the same one is still found.
"""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase

from moderator.domain.content.facts import Mask
from moderator.domain.content.fingerprint import digest
from moderator.domain.finding import Evidence, Finding
from moderator.domain.submission import Author, Request, Submission
from moderator.domain.timing.retention import Part
from moderator.domain.urls.addresses import same_address
from moderator.domain.verdict import Reason

GONE = "…"  # in place of an address in a sentence
SMALL = {ord(letter): letter.lower() for letter in ascii_uppercase}
SHORTEST = 4  # characters of an address that is looked for in sentences
# What evidence says of which nothing is anybody's words, beside numbers and ids.
NAMED = frozenset({"how", "duplicate_of", "corrects", "would", "relation", "verdict"})
QUOTED = frozenset({"excerpt", "title", "author", "anchor_text"})  # by evidence, of a source


def email_hash(email: str) -> str:
    """The digest of an e-mail address in any case, '' of none; to be masked."""
    plain = email.strip().casefold()
    return digest(f"e-mail {plain}") if plain else ""


def ip_hash(ip: str) -> str:
    """The digest of an IP address however it is written, '' of none; to be masked."""
    plain = same_address(ip.strip()) or ip.strip()
    return digest(f"ip {plain}") if plain else ""


def addresses_of(author: Author) -> tuple[str, ...]:
    """What must not stand in a sentence any more, once the addresses are taken away."""
    email, ip = author.email.strip(), author.ip.strip()
    spelled = dict.fromkeys((email, email.casefold(), ip, same_address(ip)))
    return tuple(each for each in spelled if len(each) >= SHORTEST)


def without(part: Part, it: Submission, days: int, mask: Mask) -> Submission:
    """The submission without a part, which was there for so many days."""
    match part:
        case Part.ADDRESSES:
            return _without_addresses(it, days, mask)
        case Part.WORDS:
            return _without_words(it, days)
        case Part.PAGES:
            return _without_pages(it, days)


def _without_addresses(it: Submission, days: int, mask: Mask) -> Submission:
    author = it.author
    return replace(
        it,
        author=replace(
            author,
            id="" if "@" in author.id else author.id,
            email="",
            ip="",
            user_agent="",
            email_key=mask(email_hash(author.email)) or author.email_key,
            ip_key=mask(ip_hash(author.ip)) or author.ip_key,
        ),
        request=Request(
            honeypot_name=it.request.honeypot_name, honeypot_value=it.request.honeypot_value
        ),
        ext={},
        removed=replace(it.removed, addresses=days),
    )


def _without_words(it: Submission, days: int) -> Submission:
    linkback = it.linkback
    return replace(
        it,
        content="",
        text="",
        author=replace(it.author, name="", url=""),
        linkback=linkback and replace(linkback, source_title="", excerpt="", source_html=None),
        request=replace(it.request, honeypot_name="", honeypot_value=""),
        ext={},
        removed=replace(it.removed, words=days),
    )


def _without_pages(it: Submission, days: int) -> Submission:
    linkback = it.linkback
    return replace(
        it,
        linkback=linkback and replace(linkback, source_html=None),
        removed=replace(it.removed, pages=days),
    )


def reason_without(part: Part, reason: Reason, addresses: Sequence[str] = ()) -> Reason:
    """A reason as it may be told on; its code says the same in the reader's language."""
    match part:
        case Part.ADDRESSES:
            text = _struck(reason.text, addresses)
            return replace(reason, text=text, evidence=_stricken(reason.evidence, addresses))
        case Part.WORDS:
            return replace(reason, text=_plain(reason.code), evidence=_named(reason.evidence))
        case Part.PAGES:
            return replace(reason, evidence=_without_quotes(reason.evidence))


def finding_without(part: Part, finding: Finding, addresses: Sequence[str] = ()) -> Finding:
    """The same of a finding."""
    match part:
        case Part.ADDRESSES:
            text = _struck(finding.reason, addresses)
            return replace(finding, reason=text, evidence=_stricken(finding.evidence, addresses))
        case Part.WORDS:
            text = _plain(finding.code or finding.check)
            return replace(finding, reason=text, evidence=_named(finding.evidence))
        case Part.PAGES:
            return replace(finding, evidence=_without_quotes(finding.evidence))


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _named(evidence: Evidence) -> Evidence:
    return {
        name: value
        for name, value in evidence.items()
        if isinstance(value, int | float) or name in NAMED or name.endswith("_id")
    }


def _without_quotes(evidence: Evidence) -> Evidence:
    return {name: value for name, value in evidence.items() if name not in QUOTED}


def _stricken(evidence: Evidence, addresses: Sequence[str]) -> Evidence:
    return {
        _struck(name, addresses): _struck_in(value, addresses) for name, value in evidence.items()
    }


def _struck_in(value: object, addresses: Sequence[str]) -> object:
    """Whatever JSON has, without these addresses."""
    if isinstance(value, str):
        return _struck(value, addresses)
    if isinstance(value, dict):
        return _stricken(value, addresses)
    if isinstance(value, list | tuple):
        return [_struck_in(part, addresses) for part in value]
    return value


def _struck(text: str, addresses: Sequence[str]) -> str:
    """A sentence without these addresses, whatever the case of their letters from A to Z."""
    for address in addresses:
        wanted, plain = address.translate(SMALL), text.translate(SMALL)
        left, start = "", 0
        while (at := plain.find(wanted, start)) >= 0:
            left += text[start:at] + GONE
            start = at + len(wanted)
        text = left + text[start:]
    return text
