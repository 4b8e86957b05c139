"""What templates say values with: texts cut and made harmless (inert.py), hosts, times, words."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

import ada_url
from flask import Flask
from markupsafe import Markup

from moderator.domain.content.facts import Facts
from moderator.domain.finding import Signal
from moderator.domain.links.find import Link
from moderator.domain.pages.dashboard import Judgement
from moderator.domain.pages.differences import Piece, compare
from moderator.domain.pages.release import would_release
from moderator.domain.submission import Submission
from moderator.domain.urls.parse import is_endless
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.inert import ZWJ, inert, is_mark
from moderator.web.dashboard.language import gettext as _
from moderator.web.dashboard.language import reason

MAX_LINKS = 50
COMPARED = 4_000  # characters of an edited text that are compared
MINUS = "\u2212"


def clip(value: object, limit: int) -> str:
    """Cut a text, never inside a letter with its marks or a joined emoji."""
    text = str(value)
    if len(text) <= limit:
        return text
    end = limit
    while end > limit - 32 and (is_mark(text[end]) or ZWJ in text[end - 1 : end + 1]):
        end -= 1
    return text[:end].rstrip() + "…"


def host(url: str) -> str:
    """The host as a browser would dial it (punycode), '' when this is no web address."""
    try:
        parsed = ada_url.URL("" if is_endless(url) else url)
    except (ValueError, UnicodeError):
        return ""
    return str(parsed.hostname) if parsed.protocol in {"http:", "https:"} else ""


def links(submission: Submission) -> list[str]:
    """Every address that it leads to, once each: as written, where that is a whole one."""
    shown = dict.fromkeys(map(_address, Facts(submission).text_links))
    return list(shown)[:MAX_LINKS]


def _address(link: Link) -> str:
    return link.raw if link.url is None or "://" in link.raw else link.url.href


def signed(number: float) -> str:
    """A contribution to the score: a plus or a minus, two digits."""
    if not number:
        return "0"
    return f"{number:+.2f}".replace("-", MINUS)


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the shortest words."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((86_400, _("d")), (3_600, _("h")), (60, _("min"))):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return _("now")


def exactly(then: datetime) -> Markup:
    """A time that the script shows in the reader's zone; without it UTC is named."""
    spoken = then.strftime(_("%-d %b %Y, %H:%M UTC"))
    return Markup('<time class="at" datetime="{}">{}</time>').format(_iso(then), spoken)


def age(then: datetime, now: datetime) -> Markup:
    """How long ago; the exact time is its title."""
    spoken = then.strftime(_("%-d %b %Y, %H:%M UTC"))
    shown = Markup('<time class="ago" datetime="{}" title="{}">{}</time>')
    return shown.format(_iso(then), spoken, ago(then, now))


def _iso(then: datetime) -> str:
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def word(status: str) -> str:
    """A status or verdict in the words of the pages."""
    known = {
        "approve": _("approved"),
        "approved": _("approved"),
        "hold": _("held"),
        "spam": _("spam"),
        "discard": _("discarded"),
        "trash": _("discarded"),
        "queued": _("being checked"),
        "erased": _("erased"),
    }
    return known.get(status, status)


def status_of(verdict: str) -> str:
    """The wire status of a verdict, by which it has its colour."""
    return Verdict(verdict).status


def tab_word(tab: str) -> str:
    """The name of a list."""
    known = {
        "held": _("Held"),
        "reported": _("Reported"),
        "sample": _("Sample"),
        "discarded": _("Discarded"),
        "spam": _("Spam"),
        "approved": _("Approved"),
        "all": _("All"),
    }
    return known.get(tab, tab)


def kind_word(kind: str) -> str:
    """What it is that was sent."""
    known = {"comment": _("comment"), "reply": _("reply")}
    return known.get(kind, kind)  # the names of protocols are the same everywhere


def signal_word(signal: str) -> str:
    known = {
        "ham": _("speaks for it"),
        "neutral": _("says nothing"),
        "suspect": _("speaks against it"),
        "spam": _("spam"),
        "redundant": _("repeats"),
        "unavailable": _("no answer"),
    }
    return known.get(signal, signal)


def against(judgement: Judgement) -> frozenset[str]:
    """The codes of what speaks against it: an honest sign may add a little to a score too."""
    bad = (Signal.SUSPECT, Signal.SPAM)
    return frozenset(
        finding.code or finding.check for finding in judgement.findings if finding.signal in bad
    )


def changes(earlier: Submission, it: Submission) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """What was there before an edit and is not any more, and what is there and was not."""
    before, now = (one.text or one.content for one in (earlier, it))
    old = compare([now[:COMPARED], before[:COMPARED]])
    new = compare([before[:COMPARED], now[:COMPARED]])
    return old.pieces[1 if old.typical == 0 else 0], new.pieces[1 if new.typical == 0 else 0]


def web_address(url: str) -> str:
    """An address that a browser may be led to; '' when this is none."""
    return str(ada_url.URL(url).href) if host(url) else ""


def facet_options(name: str, codes: Iterable[str] | None, chosen: str) -> list[tuple[str, str]]:
    """The values of a facet with their words, by the words; the chosen one is always there."""
    known = dict.fromkeys((*(codes or ()), *((chosen,) if chosen else ())))
    word = {"kind": kind_word, "reason": reason_word}.get(name, str)
    return sorted(((code, word(code)) for code in known), key=lambda pair: pair[1].casefold())


def reason_word(code: str) -> str:
    return reason("", code) or code.replace("_", " ")


def age_options(chosen: int) -> list[tuple[int, str]]:
    options = [
        (1, _("in the last day")), (7, _("in the last week")), (30, _("in the last month")),
        (-1, _("more than a day ago")), (-7, _("more than a week ago")),
        (-30, _("more than a month ago")),
    ]  # fmt: skip
    known = [days for days, _words in options]
    return options if not chosen or chosen in known else [*options, (chosen, f"{chosen} d")]


def sort_options(tab: str) -> list[tuple[str, str]]:
    """Beside the newest first."""
    by_score = [("honest", _("most likely honest first"))] if tab == "held" else []
    return [("oldest", _("oldest first")), *by_score]


def query(**fields: object) -> str:
    """Form fields in one string, as forms are sent."""
    return urlencode(fields)


def register(app: Flask) -> None:
    filters = (
        inert, clip, host, signed, ago, exactly, age, word, tab_word, kind_word, signal_word,
        web_address, status_of,
    )  # fmt: skip
    app.jinja_env.filters.update({one.__name__: one for one in filters})
    app.jinja_env.globals.update(
        links=links,
        against=against,
        query=query,
        facet_options=facet_options,
        changes=changes,
        would_release=would_release,
        age_options=age_options,
        sort_options=sort_options,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
