"""What a moderator is told by mail: what is held, what could not be sent, who is silent.

A mail is written without a page; its words stand in the same catalogues.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from moderator.domain.pages.dashboard import CappedCount

EVERY = timedelta(hours=1)  # at most so often
WHEN = "%Y-%m-%d %H:%M UTC"


# What it says; `{n}`, `{name}`, `{since}` and `{where}` are filled in.
HELD = "{n} held"
DEAD = "{n} not delivered"
SILENT = "the workers are silent"
HELLO = "Hello {name},"
NO_SIGN = "The workers gave no sign for two minutes or more: what comes in waits."
OLDEST = ", the oldest since {since}"
UNDELIVERED = "{n} verdicts could not be delivered to the blog"
END = "What you are told, and how to end it: {where}"
WORDS = (HELD, DEAD, SILENT, HELLO, NO_SIGN, OLDEST, UNDELIVERED, END)

Say = Callable[[str], str]  # a text in the reader's language


@dataclass(frozen=True, slots=True)
class SiteState:
    """What waits on one site: `newest` is the place of the last that was held ('' for none),
    `oldest` since when the first waits. `dead` are callbacks that were given up.
    """

    site_id: str
    name: str
    held: CappedCount = CappedCount(0)  # noqa: RUF009  # frozen
    oldest: datetime | None = None
    newest: str = ""
    dead: int = 0

    @property
    def is_quiet(self) -> bool:
        return not self.held.number and not self.dead


@dataclass(frozen=True, slots=True)
class ToldState:
    """What the last mail said of a site; all of it empty before the first."""

    newest: str = ""
    dead: int = 0
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class DigestReader:
    """Who is told where of which sites, and in which language: what was told last, by site."""

    moderator_id: str
    name: str
    mail: str
    told: Mapping[str, ToldState]
    lang: str = ""


def is_news(state: SiteState, told: ToldState, *, is_silent: bool) -> bool:
    """Whether something was held, given up or fell silent since the last mail."""
    is_held = state.held.number > 0 and state.newest > told.newest
    return is_held or state.dead > told.dead or (is_silent and not told.is_silent)


def subject(states: Sequence[SiteState], say: Say, *, is_silent: bool) -> str:
    held = sum(state.held.number for state in states)
    more = "+" if any(state.held.is_more for state in states) else ""
    said = [say(HELD).format(n=f"{held}{more}")] if held else []
    dead = sum(state.dead for state in states)
    said += [say(DEAD).format(n=dead)] if dead else []
    said += [say(SILENT)] if is_silent else []
    return f"Moderator: {', '.join(said)}"


def body(
    reader: DigestReader,
    states: Sequence[SiteState],
    say: Say,
    public_url: str,
    *,
    is_silent: bool,
) -> str:
    """Plain text; its addresses open pages, and none changes anything."""
    home = public_url.rstrip("/")
    parts = [say(HELLO).replace("{name}", reader.name)]
    if is_silent:
        parts.append(say(NO_SIGN))
    parts += [_of_site(state, home, say) for state in states if not state.is_quiet]
    parts.append(say(END).format(where=f"{home}/account"))
    return "\n\n".join(parts) + "\n"


def _of_site(state: SiteState, home: str, say: Say) -> str:
    lines = [state.name or state.site_id]
    if state.held.number:
        since = say(OLDEST).format(since=f"{state.oldest:{WHEN}}") if state.oldest else ""
        number = say(HELD).format(n=f"{state.held.number}{'+' * state.held.is_more}")
        lines.append(f"- {number}{since}")
        lines.append(f"  {home}/queue?{urlencode({'shelf': 'held', 'site': state.site_id})}")
    if state.dead:
        lines.append(f"- {say(UNDELIVERED).format(n=state.dead)}")
        where = urlencode({"shelf": "all", "site": state.site_id, "is": "failed"})
        lines.append(f"  {home}/queue?{where}")
    return "\n".join(lines)
