"""What the forms about rules say, and rules in the words of the pages."""

from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask, request
from werkzeug.exceptions import BadRequest

from moderator.domain.account import Right
from moderator.domain.answering.tally import interval
from moderator.domain.rule import DryRun, Rule, RuleKind, RuleState
from moderator.domain.rules.changes import RuleChange
from moderator.domain.rules.matching import entries_of
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict
from moderator.usecases.rules.manage import RuleWish
from moderator.web.dashboard.language import gettext as _
from moderator.web.dashboard.security import current_session, dashboard, may

MOST_DAYS = 3_650
SHOWN_ENTRIES = 3
Choice = TypeVar("Choice", RuleKind, RuleState, Verdict)


def chosen(values: type[Choice], name: str) -> Choice:
    """One of a closed set. Raises BadRequest."""
    try:
        return values(request.form.get(name, ""))
    except ValueError as error:
        raise BadRequest from error


def number(name: str) -> int:
    """Raises BadRequest."""
    given = request.form.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):  # noqa: PLR2004
        raise BadRequest
    return int(given)


def wish(now: datetime) -> RuleWish:
    """The rule that a form asks for; its site is one that the asker may see, or every site.

    Raises BadRequest, NotFoundError.
    """
    site_id = request.form.get("site", "")
    if site_id:
        dashboard().thresholds.site(current_session().moderator.scope, site_id)
    days = request.form.get("days", "").strip()
    ends_at = None
    if days:
        ends_at = now + timedelta(days=min(number("days"), MOST_DAYS))
    return RuleWish(
        site_id=site_id,
        kind=chosen(RuleKind, "kind"),
        what=request.form.get("what", ""),
        action=chosen(Verdict, "does"),
        name=request.form.get("name", ""),
        ends_at=ends_at,
    )


def sites() -> list[Site]:
    return dashboard().thresholds.seen(current_session().moderator.scope)


def own_names() -> dict[str, str]:
    """The names of the sites that the asker may see, by id."""
    return {site.id: site.name or site.id for site in sites()}


def may_own(site_id: str) -> bool:
    """Whether the asker may change a rule of this site ('': of every site)."""
    scope = current_session().moderator.scope
    return may(Right.DECIDE) and (scope is None or site_id in scope)


def rule_word(rule: Rule) -> str:
    """What a rule is called: by its name, else by what it looks for."""
    if rule.name:
        return rule.name
    match rule.kind:
        case RuleKind.LIST:
            entries = entries_of(rule.what)
            shown = ", ".join(entries[:SHOWN_ENTRIES])
            return shown + (f", +{len(entries) - SHOWN_ENTRIES}" * (len(entries) > SHOWN_ENTRIES))
        case RuleKind.PATTERN:
            return rule.what
        case RuleKind.LINKS:
            return _("%(n)s links or more").replace("%(n)s", rule.what)
        case RuleKind.THRESHOLDS:
            hold_at, spam_at = rule.what.split()
            named = _("held from %(hold)s, spam from %(spam)s")
            return named.replace("%(hold)s", hold_at).replace("%(spam)s", spam_at)


def state_word(state: str) -> str:
    known = {
        "draft": _("draft"),
        "shadow": _("shadow"),
        "live": _("live"),
        "expired": _("expired"),
    }
    return known.get(state, state)


def kind_of_rule(kind: str) -> str:
    known = {
        "list": _("list"),
        "pattern": _("pattern"),
        "links": _("number of links"),
        "thresholds": _("thresholds"),
    }
    return known.get(kind, kind)


def action_word(action: str) -> str:
    """What a rule does, as a verb with its object."""
    known = {
        "hold": _("hold it for a person"),
        "spam": _("call it spam"),
        "discard": _("discard it"),
        "approve": _("speak for it"),
    }
    return known.get(action, action)


def move_word(state: str) -> str:
    """What a button says that brings a rule there."""
    known = {
        "draft": _("Back to draft"),
        "shadow": _("Let it count only (shadow)"),
        "live": _("Let it act (live)"),
        "expired": _("End it"),
    }
    return known.get(state, state)


def moderation_word(moderation: str) -> str:
    known = {
        "usual": _("where it is doubtful"),
        "before": _("before anything is published"),
        "after": _("after it was published"),
        "observe": _("only observe"),
    }
    return known.get(moderation, moderation)


def why_no_live(rule: Rule) -> str:
    """What is missing before it may act, in the reader's language; '' when nothing is."""
    run = rule.dry_run
    if not rule.why_not_live():
        return ""
    if run is None or run.of != rule.digest:
        return _("It was not tried on stored history yet.")
    if not run.is_done:
        return _("Its dry run is under way.")
    if run.failed:
        return _("Its dry run failed. Try it again.")
    return _(
        "It would decide in a person's place. People must have agreed with 99.75 % of at least"
        " 1,000 that it caught. Until then it may hold, or count in shadow."
    )


def agreed(run: DryRun) -> tuple[float, float, float]:
    """Percent of what people decided that agrees with it, and the interval of 95 %."""
    low, high = interval(run.right, run.decided)
    share = run.right / run.decided if run.decided else 0.0
    return 100 * share, 100 * low, 100 * high


def change_word(change: RuleChange) -> str:
    """What somebody did, in a few words."""
    rule, before = change.rule, change.before
    if rule is None:
        return _("chose other thresholds")
    if before is None:
        return _("made it, live") if rule.state is RuleState.LIVE else _("made a draft")
    if rule.state is not before.state:
        return {
            RuleState.DRAFT: _("made it a draft again"),
            RuleState.SHADOW: _("let it count only"),
            RuleState.LIVE: _("let it act"),
            RuleState.EXPIRED: _("ended it"),
        }[rule.state]
    return _("changed it")


def register(app: Flask) -> None:
    words = (
        rule_word, state_word, kind_of_rule, action_word, move_word, moderation_word, why_no_live,
        change_word,
    )  # fmt: skip
    app.jinja_env.filters.update({one.__name__: one for one in words})
    app.jinja_env.globals.update(agreed=agreed, may_own=may_own)
