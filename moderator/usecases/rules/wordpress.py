"""WordPress' own settings for comments as rules and choices of a site: read from an export.

The export is a JSON object by option, or a list as `wp option list --format=json` prints it.
Options of earlier versions (`blacklist_keys`, `comment_whitelist`) count where later ones are
missing.
WordPress looks for its keys inside of words too; here an entry is a word, or what its form says.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from moderator.domain.errors import InvalidError
from moderator.domain.lists.reading import refusals
from moderator.domain.policy import Moderation
from moderator.domain.rule import RuleKind
from moderator.domain.rules.changes import PolicyChoice
from moderator.domain.rules.matching import MAX_CHARACTERS, MAX_LINKS, entries_of
from moderator.domain.verdict import Verdict
from moderator.usecases.rules.manage import RuleWish

LINKS = ("comment_max_links",)
HELD = ("moderation_keys",)
REFUSED = ("disallowed_keys", "blocklist_keys", "blacklist_keys")
APPROVED = ("comment_previously_approved", "comment_whitelist")
BEFORE = ("comment_moderation",)
KNOWN = frozenset((*LINKS, *HELD, *REFUSED, *APPROVED, *BEFORE))
YES = frozenset({"1", "true", "yes", "on"})
NAMES = {
    LINKS: "WordPress: links",
    HELD: "WordPress: moderation keys",
    REFUSED: "WordPress: disallowed keys",
}


@dataclass(frozen=True, slots=True)
class WordPressSettings:
    """`wishes` are the rules that come of it, `left_out` the lines that cannot be read as meant,
    with a sentence each. None: WordPress says nothing of it.
    """

    wishes: tuple[RuleWish, ...]
    left_out: dict[str, str]
    previously_approved: bool | None = None
    before: bool | None = None

    def chosen(self, choice: PolicyChoice) -> PolicyChoice:
        """What the site chose, with what WordPress says."""
        if self.previously_approved is not None:
            choice = replace(choice, previously_approved=self.previously_approved)
        if self.before and choice.moderation is Moderation.USUAL:
            choice = replace(choice, moderation=Moderation.BEFORE)
        return choice


def read_export(text: str) -> dict[str, str]:
    """The options that count, by name. Raises InvalidError."""
    if len(text) > 2 * MAX_CHARACTERS:
        raise InvalidError("The export is too long")
    try:
        given = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"The export is no JSON: {error}") from error
    if isinstance(given, list):
        rows = [row for row in given if isinstance(row, dict)]
        given = {str(row.get("option_name")): row.get("option_value") for row in rows}
    if not isinstance(given, dict):
        raise InvalidError("The export is neither an object nor a list of options")
    return {str(name): _text(value) for name, value in given.items() if name in KNOWN}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value) if isinstance(value, str | int) else ""


def settings_of(options: Mapping[str, str], site_id: str) -> WordPressSettings:
    """What these options mean here. Raises InvalidError where they say nothing at all."""
    if not KNOWN & options.keys():
        raise InvalidError(f"None of these is there: {', '.join(sorted(KNOWN))}")
    wishes: list[RuleWish] = []
    left_out: dict[str, str] = {}
    for names, action in ((HELD, Verdict.HOLD), (REFUSED, Verdict.DISCARD)):
        entries = entries_of(_first(options, names) or "")
        wrong = refusals(entries)
        left_out |= wrong
        what = "\n".join(entry for entry in entries if entry not in wrong)
        if what:
            wishes.append(RuleWish(site_id, RuleKind.LIST, what, action, NAMES[names]))
    links = (_first(options, LINKS) or "").strip()
    if links.isascii() and links.isdecimal() and 0 < int(links[:9]) <= MAX_LINKS:
        wishes.append(RuleWish(site_id, RuleKind.LINKS, links, Verdict.HOLD, NAMES[LINKS]))
    return WordPressSettings(
        tuple(wishes),
        left_out,
        previously_approved=_yes(_first(options, APPROVED)),
        before=_yes(_first(options, BEFORE)),
    )


def _first(options: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((options[name] for name in names if name in options), None)


def _yes(value: str | None) -> bool | None:
    return None if value is None else value.strip().lower() in YES
