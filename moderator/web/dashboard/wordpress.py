"""WordPress' own settings for comments, pasted or exported, as rules and choices of a site."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from moderator.domain.errors import InvalidError
from moderator.domain.rule import Rule
from moderator.domain.rules.changes import choice_of
from moderator.usecases.rules.wordpress import WordPressSettings, read_export, settings_of
from moderator.web.dashboard.rule_forms import own_names, sites
from moderator.web.dashboard.security import current_session, dashboard, decider, services

page = Blueprint("wordpress", __name__)

FIELDS = (
    "comment_max_links",
    "moderation_keys",
    "disallowed_keys",
    "comment_previously_approved",
    "comment_moderation",
)


@page.get("/rules/wordpress")
def form() -> str:
    return _page({})


@page.post("/rules/wordpress")
def send() -> Response | str | tuple[str, HTTPStatus]:
    """Show what would come of it; once that was seen, do it."""
    scope, now = current_session().moderator.scope, services().clock()
    site_id = request.form.get("site", "")
    site = dashboard().thresholds.site(scope, site_id)
    try:
        options = _options()
        found = settings_of(options, site_id)
        if not request.form.get("seen"):
            tried = [dashboard().rules.tried(wish, decider(), now) for wish in found.wishes]
            return _page(options, found=found, tried=tried)
        for wish in found.wishes:
            dashboard().rules.add(wish, decider(), scope=scope, now=now, acts=True)
        wanted = found.chosen(choice_of(site.policy))
        dashboard().thresholds.choose(site_id, wanted, decider(), scope=scope, now=now)
    except InvalidError as error:
        return _page({}, problem=str(error)), HTTPStatus.BAD_REQUEST
    return redirect(url_for("dashboard.rules.show"), HTTPStatus.SEE_OTHER)


def _options() -> dict[str, str]:
    """What was exported, else what was typed. Raises InvalidError."""
    if export := request.form.get("export", "").strip():
        return read_export(export)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    # A box that is not ticked is not sent: what nobody ticks stays as the site chose it.
    return {name: value for name, value in typed.items() if value.strip()}


def _page(
    options: dict[str, str],
    *,
    found: WordPressSettings | None = None,
    tried: list[Rule] | None = None,
    problem: str = "",
) -> str:
    return render_template(
        "wordpress.html",
        options=options,
        found=found,
        tried=tried or [],
        sites=sites(),
        names=own_names(),
        site_id=request.form.get("site", ""),
        problem=problem,
        typed=request.form,
        moderator=current_session().moderator,
        now=services().clock(),
    )
