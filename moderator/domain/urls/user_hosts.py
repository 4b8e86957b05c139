"""Hosts that give each user a name of their own (`anna.wordpress.com`): the one list of them.

The public suffix list keeps some of them apart (github.io, blogspot.com) and not others, and it
changes its mind: those below are apart whatever it says.
"""

import re

# fmt: off
SUFFIXES = frozenset((
    "altervista.org", "bearblog.dev", "bigcartel.com", "blog.ir", "blog.jp", "blogfa.com",
    "blogg.se", "blogger.de", "bloggo.nu", "blogs.com", "blogspot.com", "blox.pl", "canalblog.com",
    "carrd.co", "centerblog.net", "cocolog-nifty.com", "deviantart.com", "diarynote.jp",
    "dreamwidth.org", "eklablog.com", "exblog.jp", "fandom.com", "gitbook.io", "github.io",
    "gitlab.io", "hatenablog.com", "hatenablog.jp", "hatenadiary.com", "hatenadiary.jp",
    "home.blog", "insanejournal.com", "itch.io", "jimdo.com", "jimdofree.com", "jimdosite.com",
    "jugem.jp", "kazeo.com", "livedoor.blog", "livejournal.com", "micro.blog", "mystrikingly.com",
    "myshopify.com", "naturum.ne.jp", "neocities.org", "netlify.app", "notion.site",
    "over-blog.com", "overblog.com", "pages.dev", "pixnet.net", "podbean.com", "posthaven.com",
    "sapo.pt", "seesaa.net", "skyrock.com", "squarespace.com", "substack.com", "tistory.com",
    "tumblr.com", "typepad.com", "unblog.fr", "vercel.app", "webnode.page", "weebly.com",
    "wixsite.com", "wordpress.com", "writeas.com", "xanga.com", "yolasite.com",
))
# Where users stand below numbered hosts (`anna.blog12.fc2.com`): the whole name is a user's.
DEEP = frozenset(("fc2.com", "over-blog.com", "seesaa.net"))
# fmt: on
BLOGSPOT = re.compile(r"blogspot\.(?:com?\.)?[a-z]{2}")  # under any country
PLACES = frozenset({"www", "m", "mobile"})  # the operator's own name, not a user's
DEEPEST = 4  # labels of a suffix that are looked at


def user_of(host: str) -> str:
    """The host of one user, without what is under it; '' where no users have names."""
    labels = host.split(".")
    for length in range(1, min(DEEPEST, len(labels)) + 1):
        suffix = ".".join(labels[-length:])
        if suffix in DEEP or suffix in SUFFIXES or BLOGSPOT.fullmatch(suffix):
            above = labels[:-length]
            if above and above[0] in PLACES:
                above = above[1:]
            if not above:
                return suffix
            kept = above if suffix in DEEP else above[-1:]
            return ".".join((*kept, suffix))
    return ""
