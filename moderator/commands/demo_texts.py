"""A lively comment section of our own invention, to look at: what the demo shows and tests judge.

An angry article about a town's tram, four pingbacks (three with one excerpt, one from the blog
itself), honest people who write in every manner, and some spam. All names and hosts are made up.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderator.domain.ids import new_id
from moderator.domain.submission import (
    Author,
    Format,
    Kind,
    Linkback,
    Post,
    Request,
    Submission,
)
from moderator.intake.linkback import pingback

BLOG = "https://blog.example.org"
TRAM = Post(
    id="41",
    url=f"{BLOG}/2026/03/they-sold-our-tram",
    title="They sold our tram, and called it progress",
    tags=("town", "politics"),
)
EXCERPT = (
    "[…] If you read one thing about the tram this week, read They sold our tram, and called it"
    " progress: it names the council members, the dates and the sums, and it is furious in the way"
    " that only people who love a place can be. […]"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@dataclass(frozen=True, slots=True)
class DemoText:
    """One comment or linkback, `minutes` before now."""

    minutes: int
    text: str
    author: Author
    kind: Kind = Kind.COMMENT
    source: str = ""
    source_title: str = ""
    content: str = ""
    honeypot: str = ""
    ext: dict[str, object] = field(default_factory=dict)


def _person(name: str, number: int, **more: str) -> Author:
    mail = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    return Author(
        name=name, email=mail, ip=f"192.0.2.{number}", user_agent=FIREFOX, url=more.get("url", "")
    )


def _ping(minutes: int, title: str, source: str, excerpt: str = EXCERPT) -> DemoText:
    author = Author(name=title, url=source, ip="198.51.100.7", user_agent="WordPress/6.1.9")
    return DemoText(minutes, excerpt, author, pingback.KIND, source, title)


TEXTS: tuple[DemoText, ...] = (
    _ping(940, "Weekend reading", "https://letters.example.net/2026/03/weekend-reading"),
    _ping(
        871,
        "Weekend reading (mobile edition)",
        "https://letters.example.net/mobile/weekend-reading",
    ),
    _ping(
        655,
        "Reprint: what we liked in March",
        "https://letters.example.net/archive/liked-in-march",
    ),
    _ping(
        610,
        "Thank you for your letters",
        f"{BLOG}/2026/03/thank-you-for-your-letters",
        "[…] After They sold our tram, and called it progress appeared, letters came from every"
        " part of the town. Some of them follow, with permission. […]",
    ),
    DemoText(
        590,
        "I drove line 4 for twenty-six years. Nobody asked us. They came with a slide show and a"
        " plate of biscuits, and by Friday it was decided.\n\nPrint THAT in the council gazette.",
        _person("Harold Brandt", 14),
    ),
    DemoText(
        560,
        "The R-party sold the tram, the D-party held the door open, and both will ask for your vote"
        " in May. Follow the u.$.-style money: who sits on the board of the bus company? WHO?",
        _person("Marta", 21),
    ),
    DemoText(
        520,
        "You call it a betrayal; I call it arithmetic. The tram lost 2.3 million a year [1] and the"
        " depot roof was about to come down [2]. I would rather have a bus that comes than a tram"
        " that is beautiful.\n\n[1] Budget 2025, p. 41\n[2] Inspection report, autumn 2024",
        _person("T. Okafor", 33),
    ),
    DemoText(
        455,
        "Typical. The same p0liticians who lectured us about the climate scrap the one clean thing"
        " we had. Hypocrites, all of them, on both banks of the river.",
        Author(
            id="10158",
            name="Lena Fischer",
            provider="facebook",
            is_authenticated=True,
            url="https://social.example.com/lena.fischer",
            ip="192.0.2.61",
            user_agent=FIREFOX,
        ),
    ),
    DemoText(
        410,
        "There was a longer piece on this in the old town paper:"
        " https://archive.example.com/2018/04/a-long-time-ago-on-li… worth digging up.",
        _person("Pavel", 35),
    ),
    DemoText(
        380,
        "My grandmother met my grandfather on the number 4. That is my whole argument and I think"
        " it is a good one.",
        _person("Ines", 47),
    ),
    DemoText(
        340,
        "Minutes of the meeting, for those who want the source instead of the shouting:"
        " https://council.example.org/minutes/2026-02-11 (item 7, two pages).",
        _person("Sofia Reyes", 48, url="https://reyes.example.org/"),
        content="<p>Minutes of the meeting, for those who want the source instead of the shouting:"
        ' <a href="https://council.example.org/minutes/2026-02-11">minutes</a> (item 7, two'
        " pages).</p>",
    ),
    DemoText(
        150,
        "Great post! I really enjoyed reading it. Trouble with your printer? Our certified support"
        " line answers day and night: call +1-555-0100, ask for the printer desk.",
        Author(
            name="Printer Support Number",
            email="desk@support.example.com",
            url="https://support-line.example.com/printer?ref=blog",
            ip="203.0.113.9",
            user_agent="python-requests/2.31",
        ),
    ),
    DemoText(
        121,
        "Great post! I really enjoyed reading it. Trouble with your printer? Our certified support"
        " line answers day and night: call +1-555-0100, ask for the printer desk.",
        Author(
            name="Helpdesk 24",
            email="help@support.example.com",
            url="https://support-line.example.com/help",
            ip="203.0.113.10",
            user_agent="python-requests/2.31",
        ),
    ),
    DemoText(
        95,
        "Ch\u0435ap l\u043eans appr\u043eved in 5 minutes, no que\u200bstions asked"
        " \u2192 http://203.0.113.77/apply?id=88213 \u2192 http://short.example/x9 act now!!!",
        Author(name="Fast Cash", url="https://xn--80ak6aa92e.example.com/", ip="203.0.113.77"),
        honeypot="https://fast-cash.example.com",
    ),
    DemoText(
        44,
        "Could somebody explain what happens to the season tickets? Mine runs until June and the"
        " hotline plays music.",
        _person("Jonas", 52),
    ),
    DemoText(
        18,
        "Wonderful article, you write so clearly. I have saved it and shared it with my friends."
        " Do you have a newsletter? https://best-garden-furniture.example.com/?utm_source=c",
        Author(
            name="garden furniture sale",
            email="anna771@mail.example.com",
            url="https://best-garden-furniture.example.com/",
            ip="198.51.100.99",
            user_agent=FIREFOX,
        ),
    ),
    DemoText(
        6,
        "Whoever wrote this should be ashamed. Half the numbers are from a leaflet, and the other"
        " half from the bus company's own brochure. And yet, about the depot, you are right.",
        _person("Wim", 70),
    ),
)


def demo_submissions(
    site_id: str, *, now: datetime, entropy: Callable[[int], bytes]
) -> list[Submission]:
    """Return the comment section as it would have come in, oldest first."""
    return [
        _submission(text, number, site_id, (now, entropy)) for number, text in enumerate(TEXTS, 1)
    ]


def _submission(
    text: DemoText, number: int, site_id: str, around: tuple[datetime, Callable[[int], bytes]]
) -> Submission:
    now, entropy = around
    written = now - timedelta(minutes=text.minutes)
    page = f'<title>{text.source_title}</title><p>{text.text} <a href="{TRAM.url}">Read it</a></p>'
    linkback = Linkback("pingback", text.source, TRAM.url, text.source_title, text.text, page)
    return Submission(
        id=new_id(written, entropy(10)),
        site_id=site_id,
        platform_id=f"demo-{number}",
        kind=text.kind,
        content=text.content or text.text,
        format=Format.HTML if text.content else Format.TEXT,
        text=text.text,
        created_at=written,
        received_at=written + timedelta(seconds=2),
        author=text.author,
        post=TRAM,
        linkback=linkback if text.kind.is_linkback else None,
        request=Request(
            honeypot_name="website2" if text.honeypot else "", honeypot_value=text.honeypot
        ),
        ext=text.ext,
    )
