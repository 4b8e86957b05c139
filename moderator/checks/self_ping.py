"""Is the linkback from the site itself? Redundant, not spam: one author wrote both pages."""

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.links.find import plain_address
from moderator.domain.submission import Submission
from moderator.domain.urls.parse import read
from moderator.domain.urls.same_page import is_own

NAME = "self_ping"
NO_LINKBACK = Finding(NAME, Signal.NEUTRAL, "It is not a linkback")


class SelfPing:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        linkback = submission.linkback
        if linkback is None:
            return NO_LINKBACK
        source = read(plain_address(linkback.source))
        if source is None or not is_own(source, context.site.hosts):
            return Finding(NAME, Signal.NEUTRAL, "The source is not on the site itself")
        return Finding(
            NAME,
            Signal.REDUNDANT,
            f"The site links to itself ({source.authority})",
            code=NAME,
            evidence={"source": linkback.source, "host": source.authority},
        )
