"""Where a submission leads: the hosts it names, and how many links a text has that leave the blog.

Good enough to count and to compare with lists; what is fetched is parsed by the guarded door.
"""

import re
from collections.abc import Iterable

from moderator.domain.entities import unescape
from moderator.domain.folding import fold
from moderator.domain.site import Site
from moderator.domain.submission import Format, Submission
from moderator.domain.urls import MAX_HOST

ADDRESS = re.compile(r"(?:\bhttps?://|\bwww\.)([^\s/?#\\<>\"']+)")
TARGET = re.compile(r"\bhref\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:https?:)?//([^\s/?#\\<>\"']+)")


def host_of(url: str) -> str:
    """The host that an address names, folded; '' if it names none."""
    found = ADDRESS.match(fold(url))
    return _bare(found[1]) if found else ""


def link_hosts(submission: Submission, site: Site) -> list[str]:
    """The host of every link of the text that leads away from the blog, one per link.

    Links as a reader sees them and links as the browser follows them are counted apart, and the
    longer list is taken: an anchor often shows its own address.
    """
    shown = _away(_found(ADDRESS, submission.text), site)
    if submission.format is Format.TEXT or submission.content == submission.text:
        return shown
    pattern = TARGET if submission.format is Format.HTML else ADDRESS
    followed = _away(_found(pattern, unescape(submission.content)), site)
    return followed if len(followed) >= len(shown) else shown


def named_hosts(submission: Submission, site: Site) -> list[str]:
    """Every host that the submission names: links, the author's page, the linkback's source."""
    source = submission.linkback.source if submission.linkback else ""
    hosts = [host_of(submission.author.url), host_of(source), *link_hosts(submission, site)]
    return [host for host in dict.fromkeys(hosts) if host]


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    # Folding is the dear part: most texts are plain, and most of those have no link.
    if text.isascii() and "//" not in text and "www." not in text.lower():
        return []
    return pattern.findall(fold(text))


def _away(found: Iterable[str], site: Site) -> list[str]:
    return [host for each in found if (host := _bare(each)) and host not in site.hosts]


def _bare(authority: str) -> str:
    """The host alone; '' for what is too long to be one."""
    host = authority.rpartition("@")[2].partition(":")[0].removeprefix("www.").strip(".,;)")
    return host if len(host) <= MAX_HOST else ""
