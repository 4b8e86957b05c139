"""What a moderator is told by mail: what is held, what could not be sent, who is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from moderator.domain.pages.dashboard import CappedCount

EVERY = timedelta(hours=1)  # at most so often
WHEN = "%Y-%m-%d %H:%M UTC"


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
    """Who is told where of which sites: what was told last, by site."""

    moderator_id: str
    name: str
    mail: str
    told: Mapping[str, ToldState]


def is_news(state: SiteState, told: ToldState, *, is_silent: bool) -> bool:
    """Whether something was held, given up or fell silent since the last mail."""
    is_held = state.held.number > 0 and state.newest > told.newest
    return is_held or state.dead > told.dead or (is_silent and not told.is_silent)


def subject(states: Sequence[SiteState], *, is_silent: bool) -> str:
    held = sum(state.held.number for state in states)
    more = "+" if any(state.held.is_more for state in states) else ""
    said = [f"{held}{more} held"] if held else []
    dead = sum(state.dead for state in states)
    said += [f"{dead} not delivered"] if dead else []
    said += ["the workers are silent"] if is_silent else []
    return f"Moderator: {', '.join(said)}"


def body(name: str, states: Sequence[SiteState], public_url: str, *, is_silent: bool) -> str:
    """Plain text; its addresses open pages, and none of them changes anything."""
    home = public_url.rstrip("/")
    parts = [f"Hello {name},"]
    if is_silent:
        parts.append("The workers gave no sign for two minutes or more: what comes in waits.")
    parts += [_of_site(state, home) for state in states if not state.is_quiet]
    parts.append(f"What you are told, and how to end it: {home}/account")
    return "\n\n".join(parts) + "\n"


def _of_site(state: SiteState, home: str) -> str:
    lines = [state.name or state.site_id]
    if state.held.number:
        since = f", the oldest since {state.oldest:{WHEN}}" if state.oldest else ""
        lines.append(f"- {state.held.number}{'+' * state.held.is_more} held{since}")
        lines.append(f"  {home}/queue?{urlencode({'shelf': 'held', 'site': state.site_id})}")
    if state.dead:
        lines.append(f"- {state.dead} verdicts could not be delivered to the blog")
        where = urlencode({"shelf": "all", "site": state.site_id, "is": "failed"})
        lines.append(f"  {home}/queue?{where}")
    return "\n".join(lines)
