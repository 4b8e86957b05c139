"""Is the text a token or random letters? Nobody says such things; probes and machines do.

Asked where a page or a link is brought along: people lean on keyboards too. Only of short texts in
plain Latin letters: a token mixes letters and digits, random letters stand beside each other as in
no language that is written so.
"""

import re
from itertools import groupby, pairwise

from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission

NAME = "random_text"
WEIGHT = 0.45
FEWEST_PAIRS = 10  # fewer are an exclamation
LONGEST = 110  # characters; whoever writes more says something
MOST_WORDS = 6
MOST_PAIRS = 80
FEWEST_RARE = 2
RARE_SHARE = 0.12
TOKEN = re.compile(r"[a-z0-9]{5,14}")
CHANGES = 2  # from letters to digits or back that make a token
LETTERS = re.compile(r"[a-z]+")
# Neighbours that are next to never seen in words of our grammar and of what people wrote.
RARE = frozenset(
    """
    bk bq bw bx cf cg cj cp cq cw cx dq dx fc fd fh fj fk fm fp fq fv fw fx fz gf gj gq gw gx gz
    hf hq hv hx jc jf jg jh jj jp jq jr jv jw jx jy jz kx kz lq lx mq mx nq oq pb pj pq pw px pz
    qb qc qd qe qf qg qh qj qk ql qm qn qo qp qr qs qt qv qw qx qy qz rq rx tq uq vf vg vh vj vq
    vw vx wb wc wg wj wm wp wq wv wx xb xd xf xg xh xj xk xl xn xo xq xr xs xv xw xz yf yg yj yq
    yx zf zq zx
    """.split()  # noqa: SIM905  # read as words
)
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
    if len(prose) > LONGEST or prose.count(" ") > MOST_WORDS or not text.isascii():
        return False
    if TOKEN.fullmatch(prose):
        kinds = [is_digit for is_digit, _ in groupby(prose, str.isdigit)]
        if len(kinds) > CHANGES:
            return True
    pairs = [a + b for word in LETTERS.findall(prose) for a, b in pairwise(word)]
    rare = sum(map(RARE.__contains__, pairs))
    return FEWEST_PAIRS <= len(pairs) <= MOST_PAIRS and rare >= max(
        FEWEST_RARE, RARE_SHARE * len(pairs)
    )
