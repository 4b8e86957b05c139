"""What roles, browsers and the log's choices are called on the pages."""

from collections.abc import Iterable, Mapping

from flask import Flask

from moderator.domain.pages.log import BLOG, NOTES, PEOPLE, SERVICE
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.web.dashboard.filters import word
from moderator.web.dashboard.language import gettext as _
from moderator.web.dashboard.language import ngettext

# By what a browser says of itself; whoever comes later also says what stands before.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
LONGEST = 60  # characters of a browser that we do not know


def agent_word(agent: str) -> str:
    """A browser in a few words, as far as it tells."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or agent[:LONGEST] or _("unknown browser")


def said(it: Submission | None) -> str:
    """What it says; that this was taken away, where it was; nothing of what was erased."""
    if it is None or not it.removed.words:
        return it.text if it else ""
    one, many = "The text was removed after %(n)s day", "The text was removed after %(n)s days"
    return ngettext(one, many, it.removed.words) % {"n": it.removed.words}


def role_word(role: str) -> str:
    known = {"owner": _("owner"), "moderator": _("moderator"), "viewer": _("viewer")}
    return known.get(role, role)


def mode_word(mode: str) -> str:
    known = {"open": _("open"), "usual": _("usual"), "careful": _("careful")}
    return known.get(mode, mode)


def mode_words(mode: str) -> str:
    known = {
        "open": _("what strangers bring weighs half"),
        "usual": _("what strangers bring is weighed, and holds where it adds up"),
        "careful": _("each stranger waits who brings a page or a link"),
    }
    return known.get(mode, "")


def part_word(part: str) -> str:
    known = {
        "addresses": _("E-mail and IP addresses"),
        "words": _("Words of what was refused"),
        "pages": _("Pages of linkbacks"),
    }
    return known.get(part, part)


def part_words(part: str) -> str:
    known = {
        "addresses": _(
            "With them go browser, referrer and extra fields. A keyed hash stays, by which the"
            " same author is known again; Akismet is told of no correction any more."
        ),
        "words": _(
            "Text, name and page of spam and of what was discarded. Verdict, reasons and"
            " fingerprints stay."
        ),
        "pages": _("The source as the blog sent it, and what was quoted of it."),
    }
    return known.get(part, "")


def age_words() -> list[str]:
    """The groups by age of what is held, the youngest first."""
    return [
        _("less than an hour"),
        _("an hour to a day"),
        _("one to three days"),
        _("three to seven days"),
        _("a week to a month"),
        _("more than a month"),
    ]


def percent(share: float) -> str:
    """One digit behind the point, unless it would claim more than is known."""
    return f"{100 * share:.1f} %"


def who_options(who: Iterable[str], colleagues: Mapping[str, str]) -> list[tuple[str, str]]:
    """Who may have decided: groups by their words, people by their names."""
    groups = {
        PEOPLE: _("all moderators"),
        SERVICE: _("the service"),
        BLOG: _("a person at the blog"),
    }
    return [(one, groups.get(one) or colleagues.get(one, one)) for one in who]


def what_options() -> list[tuple[str, str]]:
    verdicts = [(verdict.value, word(verdict.value)) for verdict in Verdict]
    return [*verdicts, (NOTES, _("note"))]


def audit_word(act: str) -> str:
    """What an owner did, as a verb that its object follows."""
    known = {
        "invited": _("invited to log in:"),
        "linked": _("made a new link for"),
        "assigned": _("gave a role and sites to"),
        "disabled": _("shut out"),
        "enabled": _("let in again"),
        "logged_out": _("ended all sessions of"),
        "rotated": _("made a new secret and key for"),
        "key_made": _("made a key for Akismet clients of"),
        "site_added": _("registered the site"),
        "site_changed": _("changed the site"),
        "site_removed": _("removed the site"),
        "thresholds": _("chose thresholds"),
        "rule": _("changed a rule:"),
        "imported": _("imported a history into"),
        "erased": _("erased what is kept of an author:"),
        "sent_again": _("sent again what was given up:"),
        "forgot": _("let be forgotten what was taught by"),
    }
    return known.get(act, act)


def audit_options(acts: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(act), audit_word(act).rstrip(":")) for act in acts]


def register(app: Flask) -> None:
    filters = (
        said,
        audit_word,
        agent_word,
        role_word,
        mode_word,
        mode_words,
        part_word,
        part_words,
        percent,
    )
    app.jinja_env.filters.update({one.__name__: one for one in filters})
    app.jinja_env.globals.update(
        who_options=who_options,
        what_options=what_options,
        age_words=age_words,
        audit_options=audit_options,
    )
