"""What a moderator is told by mail: what is held, what could not be sent, who is silent.

A mail is written without a page, so its words stand here and not in the catalogues of the pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from moderator.domain.pages.dashboard import CappedCount

EVERY = timedelta(hours=1)  # at most so often
WHEN = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class DigestWords:
    """`{n}`, `{name}`, `{since}` and `{where}` are filled in."""

    held: str = "{n} held"
    dead: str = "{n} not delivered"
    silent: str = "the workers are silent"
    hello: str = "Hello {name},"
    no_sign: str = "The workers gave no sign for two minutes or more: what comes in waits."
    oldest: str = ", the oldest since {since}"
    undelivered: str = "{n} verdicts could not be delivered to the blog"
    end: str = "What you are told, and how to end it: {where}"


ENGLISH = DigestWords()
WORDS = {
    "en": ENGLISH,
    "de": DigestWords(
        held="{n} zurückgehalten",
        dead="{n} nicht zugestellt",
        silent="die Worker schweigen",
        hello="Guten Tag {name},",
        no_sign="Die Worker gaben seit zwei Minuten oder länger kein Zeichen: was kommt, wartet.",
        oldest=", die älteste Einsendung seit {since}",
        undelivered="{n} Entscheidungen konnten dem Blog nicht zugestellt werden",
        end="Was Ihnen gesagt wird, und wie Sie es beenden: {where}",
    ),
    "fr": DigestWords(
        held="{n} en attente",
        dead="{n} non remis",
        silent="les workers se taisent",
        hello="Bonjour {name},",
        no_sign="Les workers ne donnent aucun signe depuis deux minutes : ce qui arrive attend.",
        oldest=", le plus ancien depuis {since}",
        undelivered="{n} décisions sans réponse du blog, et abandonnées",
        end="Ce qui vous est dit, et comment y mettre fin : {where}",
    ),
}


def words_in(lang: str) -> DigestWords:
    """English for a language that is not known."""
    return WORDS.get(lang, ENGLISH)


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


def subject(states: Sequence[SiteState], *, is_silent: bool, lang: str = "") -> str:
    words = words_in(lang)
    held = sum(state.held.number for state in states)
    more = "+" if any(state.held.is_more for state in states) else ""
    said = [words.held.format(n=f"{held}{more}")] if held else []
    dead = sum(state.dead for state in states)
    said += [words.dead.format(n=dead)] if dead else []
    said += [words.silent] if is_silent else []
    return f"Moderator: {', '.join(said)}"


def body(
    reader: DigestReader, states: Sequence[SiteState], public_url: str, *, is_silent: bool
) -> str:
    """Plain text in the reader's language; its addresses open pages, and none changes anything."""
    home, words = public_url.rstrip("/"), words_in(reader.lang)
    parts = [words.hello.replace("{name}", reader.name)]
    if is_silent:
        parts.append(words.no_sign)
    parts += [_of_site(state, home, words) for state in states if not state.is_quiet]
    parts.append(words.end.format(where=f"{home}/account"))
    return "\n\n".join(parts) + "\n"


def _of_site(state: SiteState, home: str, words: DigestWords) -> str:
    lines = [state.name or state.site_id]
    if state.held.number:
        since = words.oldest.format(since=f"{state.oldest:{WHEN}}") if state.oldest else ""
        number = words.held.format(n=f"{state.held.number}{'+' * state.held.is_more}")
        lines.append(f"- {number}{since}")
        lines.append(f"  {home}/queue?{urlencode({'shelf': 'held', 'site': state.site_id})}")
    if state.dead:
        lines.append(f"- {words.undelivered.format(n=state.dead)}")
        where = urlencode({"shelf": "all", "site": state.site_id, "is": "failed"})
        lines.append(f"  {home}/queue?{where}")
    return "\n".join(lines)
