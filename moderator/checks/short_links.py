"""Does a link of a comment, or the author's page, hide where it leads?

People shorten links too, so this says little, and it leaves room for what link_validity finds at
the other end: a short link that leads to a trick does not hold on these two together.
"""

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from moderator.domain.urls.shorteners import hides_target

NAME = "short_links"
IN_TEXT = 0.1
OF_AUTHOR = 0.15  # who shortens the address of their own page has a reason
NOTHING = Finding(NAME, Signal.NEUTRAL, "No link hides where it leads")


class ShortLinks:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        if submission.kind.is_linkback:
            return NOTHING  # its source is opened in any case
        facts = context.about(submission)
        page = facts.page_host
        if page and hides_target(page):
            return _found(f"The author's page ({page}) hides where it leads", page, OF_AUTHOR)
        for host in facts.link_hosts:
            if hides_target(host):
                return _found(f"A short link ({host}) hides where it leads", host, IN_TEXT)
        return NOTHING


def _found(reason: str, host: str, weight: float) -> Finding:
    evidence: dict[str, object] = {"host": host}
    return Finding(NAME, Signal.SUSPECT, reason, "short_link", weight, evidence)
