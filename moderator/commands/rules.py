"""`moderator rules`: make rules, try them on stored history, let them act, take them back."""

import argparse
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta

from moderator.bootstrap.parts import clock
from moderator.bootstrap.rule_desk import RuleDesk, open_rules
from moderator.commands import options
from moderator.commands.progress import during
from moderator.domain.answering.tally import interval
from moderator.domain.pages.audit import OPERATOR
from moderator.domain.rule import DryRun, Rule, RuleKind, RuleState
from moderator.domain.rules.changes import choice_of
from moderator.domain.verdict import Verdict
from moderator.settings import Settings
from moderator.usecases.rules.manage import RuleWish
from moderator.usecases.rules.wordpress import read_export, settings_of

NAME = "rules"
HELP = "Make rules, try them on what came before, let them act, and take them back."
MOVES = {
    "draft": RuleState.DRAFT,
    "shadow": RuleState.SHADOW,
    "live": RuleState.LIVE,
    "expire": RuleState.EXPIRED,
}
WIDE = 60  # characters of a rule that are shown in a list


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="List the rules.").add_argument("--site")
    _configure_add(actions.add_parser("add", help="Make a rule: a draft, or live at once."))
    for action, help_ in (
        ("test", "Try a rule on stored history, and print what it would have done."),
        ("draft", "Make a rule a draft again."),
        ("shadow", "Let a rule count what it would do."),
        ("live", "Let a rule act, once it was tried and has earned it."),
        ("expire", "End a rule."),
    ):
        actions.add_parser(action, help=help_).add_argument("id")
    actions.add_parser("log", help="Show what was changed lately.").add_argument("--site")
    actions.add_parser("undo", help="Take a line of the log back.").add_argument("line", type=int)
    wordpress = actions.add_parser(
        "wordpress", help="Take over WordPress' own settings for comments."
    )
    wordpress.add_argument(
        "file", help="JSON, as `wp option list --format=json` prints ('-': stdin)"
    )
    wordpress.add_argument("--site", required=True)
    wordpress.add_argument("--dry-run", action="store_true", help="only say what would come of it")


def _configure_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", help="an entry, a pattern, or a number of links")
    parser.add_argument("--kind", choices=list(RuleKind), default=RuleKind.LIST)
    parser.add_argument("--do", choices=list(Verdict), default=Verdict.HOLD, help="what it does")
    parser.add_argument("--site", default="", help="of one site (default: of every site)")
    parser.add_argument("--name", default="", help="what people call it")
    parser.add_argument("--days", type=int, help="ends after so many days")
    parser.add_argument(
        "--live", action="store_true", help="acts at once, after a look at the newest submissions"
    )


def run(arguments: argparse.Namespace) -> int:
    """Raises NotFoundError, InvalidError, ConflictError."""
    with open_rules(Settings.from_environment(arguments.environment)) as desk:
        match arguments.action:
            case "list":
                _list(desk, arguments.site)
            case "add":
                _add(desk, arguments)
            case "test":
                _tell(_tried(desk, arguments.id))
            case "log":
                _log(desk, arguments.site)
            case "undo":
                _show(desk.rules.undo(arguments.line, OPERATOR, scope=None, now=clock()), clock())
            case "wordpress":
                _take_over(desk, arguments)
            case action:
                _move(desk, arguments.id, MOVES[action])
    return 0


def _add(desk: RuleDesk, arguments: argparse.Namespace) -> None:
    now = clock()
    if arguments.site:
        desk.thresholds.site(None, arguments.site)
    wish = RuleWish(
        site_id=arguments.site,
        kind=RuleKind(arguments.kind),
        what=arguments.what,
        action=Verdict(arguments.do),
        name=arguments.name,
        ends_at=None if arguments.days is None else now + timedelta(days=arguments.days),
    )
    made = desk.rules.add(wish, OPERATOR, scope=None, now=now, acts=arguments.live)
    _tell(made if arguments.live else _tried(desk, made.id))


def _tried(desk: RuleDesk, rule_id: str) -> Rule:
    with during("Trying it on stored history"):
        return desk.rules.try_now(rule_id, scope=None, now=clock())


def _move(desk: RuleDesk, rule_id: str, to: RuleState) -> None:
    now = clock()
    seen = desk.rules.rule(None, rule_id).version
    _show(desk.rules.move(rule_id, to, OPERATOR, scope=None, seen=seen, now=now), now)


def _list(desk: RuleDesk, site_id: str | None) -> None:
    scope = None if site_id is None else (site_id,)
    found = desk.rules.store.of(scope)
    counts = desk.rules.store.counts([rule.id for rule in found])
    for rule in found:
        _show(rule, clock(), counts.get(rule.id, {}))


def _show(rule: Rule, now: datetime, counts: Mapping[str, int] | None = None) -> None:
    what = rule.name or " ".join(rule.what.split())[:WIDE]
    site = rule.site_id or "every site"
    caught = ", ".join(f"{number} {verdict}" for verdict, number in (counts or {}).items())
    print(
        f"{rule.id}  {rule.state_at(now):8}{rule.kind:8}{rule.action:8} {site}: {what}"
        + (f"  caught {caught}" if caught else "")
    )


def _tell(rule: Rule) -> None:
    _show(rule, clock())
    if rule.dry_run is not None:
        _tell_run(rule.dry_run)
    if why := rule.why_not_live():
        print(f"It may not act: {why}")


def _tell_run(run: DryRun) -> None:
    print(f"{run.read} submissions read, the newest; {run.caught} caught")
    for change, number in sorted(run.changes.items()):
        before, _, after = change.partition(">")
        print(f"{number:7} {before} -> {after}" if before != after else f"{number:7} {before}")
    low, high = interval(run.right, run.decided)
    print(
        f"people decided about {run.decided} of them, and agreed with {run.right}"
        f" ({100 * low:.2f} to {100 * high:.2f} %)"
    )
    for id_ in run.wrong_ids:
        print(f"      against people's word: {id_}")


def _log(desk: RuleDesk, site_id: str | None) -> None:
    for one in desk.rules.store.changes(None if site_id is None else (site_id,)):
        what = one.rule.id if one.rule is not None else f"thresholds of {one.site_id}"
        state = one.rule.state if one.rule is not None else ""
        print(f"{one.number:6} {one.at:%Y-%m-%d %H:%M} {one.by.name}: {what} {state}".rstrip())


def _take_over(desk: RuleDesk, arguments: argparse.Namespace) -> None:
    site, now = desk.thresholds.site(None, arguments.site), clock()
    found = settings_of(read_export(options.text("FILE", arguments.file)), site.id)
    for line, why in found.left_out.items():
        sys.stderr.write(f"{line!r} is left out: {why}\n")
    for wish in found.wishes:
        if arguments.dry_run:
            _tell(desk.rules.tried(wish, OPERATOR, now))
        else:
            _tell(desk.rules.add(wish, OPERATOR, scope=None, now=now, acts=True))
    wanted = found.chosen(choice_of(site.policy))
    if not arguments.dry_run:
        desk.thresholds.choose(site.id, wanted, OPERATOR, scope=None, now=now)
    waits = "yes" if wanted.previously_approved else "no"
    print(f"moderation {wanted.moderation}, previously approved {waits}")
