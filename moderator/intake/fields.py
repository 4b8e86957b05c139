"""Single values that strangers filled in: brought into one form, or refused with a reason."""

import re
from html import unescape
from ipaddress import ip_address

import ada_url
import turbohtml

from moderator.domain.submission import Format

URL_LIMIT = 2_048
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}")
# Platforms store addresses as they print them into HTML. Without the semicolon it is a parameter.
ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")


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


def address_of_web(text: str) -> str:
    """Return what a visitor gave as an address, unescaped once; '' is no address.

    It need not be a good one: that is for the checks to say. Raises ValueError when it is too long
    or holds control characters.
    """
    address = ESCAPED.sub(lambda found: unescape(found[0]), text) if "&" in text else text
    address = address.strip()
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


def address_of_network(text: str) -> str:
    """Return an IP address in its shortest form. Raises ValueError."""
    if IPV4.fullmatch(text):
        return text
    if len(text) > 45 or "%" in text:  # noqa: PLR2004 (the longest textual IPv6 address)
        raise ValueError("Not an IP address")
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ValueError("Not an IP address") from error


def address_of_mail(text: str) -> str:
    """Return an e-mail address as the visitor typed it. Raises ValueError on control characters."""
    address = text.strip()
    if len(address) > 320:  # noqa: PLR2004 (RFC 3696: 64 + @ + 255)
        raise ValueError("Longer than 320 characters")
    if has_controls(address):
        raise ValueError("Holds control characters")
    return address


def plain(content: str, form: Format) -> str:
    """Return what a reader would read: HTML without its tags, anything else as it is."""
    if form is Format.HTML and ("<" in content or "&" in content):
        return turbohtml.parse_fragment(content).to_text().strip()
    return content
