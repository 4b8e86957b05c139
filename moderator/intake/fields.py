"""Single values that strangers filled in: brought into one form, or refused with a reason."""

import re
from html import unescape
from html.entities import html5
from ipaddress import IPv4Address, IPv6Address, ip_address

import ada_url

URL_LIMIT = 2_048
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}")
# An address in brackets, a plain one of four numbers, or one of hexadecimal groups; then what may
# follow it: a port, a zone, a mask, the next of a list.
LONGEST_ADDRESS = 200  # characters of which one is read
WRITTEN_ADDRESS = re.compile(
    r"(?:[Ff]or=)?\"?(?:\[([0-9A-Fa-f:.]{2,45})(?:%[\w.-]{1,32})?\](?::[0-9]{1,5})?"
    r"|([0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]{1,5}|/[0-9]{1,2})?"
    r"|([0-9A-Fa-f:.]{2,45})(?:%[\w.-]{1,32})?(?:/[0-9]{1,3})?)\"?",
    re.ASCII,
)
BETWEEN = re.compile("[,;]")
MOST_ADDRESSES = 5  # of a list that are looked at: proxies write "unknown" for one they hide
# Platforms store addresses as they print them into HTML. Without the semicolon it is a parameter.
ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")

# In a name nothing else looks so; what is no such word stays.
NAMED = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")


def has_controls(text: str) -> bool:
    # isprintable() answers for nearly all text, at a tenth of the price.
    return not text.isprintable() and CONTROL.search(text) is not None


def one_line(text: str | None, limit: int) -> str:
    """Return visitor's text without line breaks and controls, cut at `limit`: never refused."""
    if not text:
        return ""
    if len(text) <= limit and text.isprintable():
        return text
    return CONTROL.sub(" ", text[:limit])


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: unescape(found[0]), text)


def address_of_web(text: str) -> str:
    """Return what a visitor gave as an address, unescaped once; '' is no address.

    It need not be a good one: that is for the checks to say. Raises ValueError when it is too long
    or holds control characters.
    """
    address = (_unescaped(text) if "&" in text else text).strip()
    if len(address) > URL_LIMIT:
        raise ValueError(f"Longer than {URL_LIMIT} characters")
    if has_controls(address):
        raise ValueError("Holds control characters")
    return address


def page_of_site(text: str) -> str:
    """Return an address on the blog, which has to be a good one. Raises ValueError."""
    address = address_of_web(text)
    if not address[:8].lower().startswith(("http://", "https://")):
        raise ValueError("Not an absolute http or https URL")
    if not ada_url.check_url(address):
        raise ValueError("Not a valid URL")
    return address


def person_name(text: str | None, limit: int) -> str:
    """Return a name or title on one line; platforms hand some over escaped for HTML."""
    line = one_line(text, limit)
    return one_line(NAMED.sub(_named, line), limit) if "&" in line else line


def _named(found: re.Match[str]) -> str:
    is_known = found[0][1] == "#" or found[0][1:] in html5
    return unescape(found[0]) if is_known else found[0]


def address_of_network(text: str) -> str:
    """Return an IP address in its shortest form. Raises ValueError.

    Platforms and proxies write more beside it: a port, a zone, a mask, or a list of all proxies,
    of which the first that is an address is the visitor.
    """
    if IPV4.fullmatch(text):
        return text
    written = BETWEEN.split(text[:LONGEST_ADDRESS])
    read = map(_address, written[:MOST_ADDRESSES])
    address = next((each for each in read if each is not None), None)
    if address is None:
        raise ValueError("Not an IP address")
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _address(written: str) -> IPv4Address | IPv6Address | None:
    found = WRITTEN_ADDRESS.fullmatch(written.strip())
    if found is None:
        return None
    try:
        return ip_address(found[1] or found[2] or found[3])
    except ValueError:
        return None


def address_of_mail(text: str) -> str:
    """Return an e-mail address as the visitor typed it. Raises ValueError on control characters."""
    address = text.strip()
    if len(address) > 320:  # noqa: PLR2004 (RFC 3696: 64 + @ + 255)
        raise ValueError("Longer than 320 characters")
    if has_controls(address):
        raise ValueError("Holds control characters")
    return address
