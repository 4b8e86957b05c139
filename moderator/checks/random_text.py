"""Is the text a token or random letters? Nobody says such things; probes and machines do.

Asked where a page or a link is brought along: people lean on keyboards too. Only of short texts in
plain Latin letters: a token mixes letters and digits, random letters stand beside each other as in
no language that is written so.
"""

import re
from itertools import groupby

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from moderator.domain.text.random_letters import is_random

NAME = "random_text"
WEIGHT = 0.45
MAX_CHARACTERS = 110  # characters; whoever writes more says something
MOST_WORDS = 6
TOKEN = re.compile(r"[a-z0-9]{5,14}")
CHANGES = 2  # from letters to digits or back that make a token
NOTHING = Finding(NAME, Signal.NEUTRAL, "The text is no random letters")


class RandomText:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        facts = context.about(submission)
        brings = submission.author.url or facts.text_links
        if (
            not brings
            or submission.kind.is_linkback
            or not _is_random(submission.text, facts.prose)
        ):
            return NOTHING
        return Finding(
            NAME,
            Signal.SUSPECT,
            "The text is a token or random letters, and brings a page or a link",
            code="random_text",
            weight=WEIGHT,
        )


def _is_random(text: str, prose: str) -> bool:
    if len(prose) > MAX_CHARACTERS or prose.count(" ") > MOST_WORDS or not text.isascii():
        return False
    if TOKEN.fullmatch(prose):
        kinds = [is_digit for is_digit, _ in groupby(prose, str.isdigit)]
        if len(kinds) > CHANGES:
            return True
    return is_random(prose)
