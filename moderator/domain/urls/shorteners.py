"""Hosts that only lead elsewhere: their links say nothing until they are followed."""

from moderator.domain.urls.hosts import registrable

# fmt: off
SHORTENERS = frozenset((
    "1drv.ms", "1url.com", "2u.lc", "adf.ly", "adfoc.us", "aka.ms", "amzn.eu", "amzn.to",
    "apple.co", "b.link", "b23.tv", "bc.vc", "bit.do", "bit.ly", "bitly.com", "bitly.ws", "bl.ink",
    "buff.ly", "clck.ru", "cli.gs", "cur.lv", "cutt.ly", "cutt.us", "dai.ly", "db.tt", "disq.us",
    "dlvr.it", "dub.sh", "dwz.cn", "fb.me", "flip.it", "gestyy.com", "gg.gg", "git.io", "go.ly",
    "goo.gl", "goo.su", "ht.ly", "hubs.ly", "ift.tt", "is.gd", "j.mp", "kutt.it", "linktr.ee",
    "linkvertise.com", "lnk.to", "lnkd.in", "mcaf.ee", "me2.do", "migre.me", "n9.cl", "nyti.ms",
    "ouo.io", "ouo.press", "ow.ly", "po.st", "pse.is", "q.gs", "qr.ae", "rb.gy", "rebrand.ly",
    "redd.it", "reurl.cc", "s.id", "s2r.co", "sh.st", "shope.ee", "shor.by", "short.gy",
    "short.io", "shorturl.at", "shorte.st", "shrinkme.io", "smarturl.it", "snip.ly", "soo.gd",
    "spoti.fi", "su.pr", "suo.im", "surl.li", "t.cn", "t.co", "t.ly", "t2m.io", "tiny.cc",
    "tiny.pl", "tinylink.net", "tinyurl.com", "to.ly", "tr.im", "trib.al", "u.to", "ur1.ca",
    "url.cn", "urlr.me", "urlz.fr", "v.gd", "v.ht", "vk.cc", "w.wiki", "wp.me", "x.co", "x.gd",
    "yep.it", "yourls.org", "zpr.io", "zws.im",
))
# The short names of one well-known place, and pages that list somebody's links openly.
OPEN = frozenset((
    "1drv.ms", "aka.ms", "amzn.eu", "amzn.to", "apple.co", "b23.tv", "dai.ly", "db.tt", "disq.us",
    "fb.me", "flip.it", "git.io", "linktr.ee", "lnk.to", "lnkd.in", "nyti.ms", "qr.ae", "redd.it",
    "smarturl.it", "spoti.fi", "w.wiki", "wp.me",
))
# fmt: on
HIDING = SHORTENERS - OPEN


def is_shortener(host: str) -> bool:
    """Whether links on `host` are short forms of links elsewhere."""
    return host in SHORTENERS or registrable(host) in SHORTENERS


def hides_target(host: str) -> bool:
    """Whether a reader cannot even guess where a link on `host` leads."""
    return host in HIDING or registrable(host) in HIDING
