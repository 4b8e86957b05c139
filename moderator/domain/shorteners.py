"""Hosts that only lead elsewhere: their links say nothing until they are followed."""

from moderator.domain.hosts import registrable

# fmt: off
SHORTENERS = frozenset((
    "1url.com", "2u.lc", "adf.ly", "aka.ms", "amzn.to", "b.link", "b23.tv", "bit.do", "bit.ly",
    "bitly.com", "bl.ink", "buff.ly", "clck.ru", "cli.gs", "cutt.ly", "db.tt", "dlvr.it", "dub.sh",
    "fb.me", "flip.it", "gg.gg", "git.io", "go.ly", "goo.gl", "goo.su", "ht.ly", "ift.tt",
    "is.gd", "j.mp", "kutt.it", "linktr.ee", "lnk.to", "lnkd.in", "mcaf.ee", "migre.me", "n9.cl",
    "ouo.io", "ow.ly", "po.st", "qr.ae", "rb.gy", "rebrand.ly", "s.id", "s2r.co", "sh.st",
    "shor.by", "short.gy", "short.io", "shorturl.at", "shorte.st", "smarturl.it", "snip.ly",
    "soo.gd", "spoti.fi", "surl.li", "t.cn", "t.co", "t.ly", "t2m.io", "tiny.cc", "tinyurl.com",
    "tr.im", "trib.al", "u.to", "urlz.fr", "v.gd", "v.ht", "vk.cc", "wp.me", "x.co", "yourls.org",
    "zpr.io",
))
# fmt: on


def is_shortener(host: str) -> bool:
    """Whether links on `host` are short forms of links elsewhere."""
    return host in SHORTENERS or registrable(host) in SHORTENERS
