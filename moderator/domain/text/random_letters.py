"""Random letters: neighbours that stand beside each other in no language that is written so."""

import re
from itertools import pairwise

FEWEST_PAIRS = 10  # fewer are an exclamation
MOST_PAIRS = 80
FEWEST_RARE = 2
RARE_SHARE = 0.12
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


def is_random(prose: str) -> bool:
    """Of a few folded words in plain Latin letters."""
    pairs = [a + b for word in LETTERS.findall(prose) for a, b in pairwise(word)]
    rare = sum(map(RARE.__contains__, pairs))
    return FEWEST_PAIRS <= len(pairs) <= MOST_PAIRS and rare >= max(
        FEWEST_RARE, RARE_SHARE * len(pairs)
    )
