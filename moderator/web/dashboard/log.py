"""The log: what was decided, by whom, and whether the blog knows."""

from flask import Blueprint, render_template, request

from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("log", __name__)


@page.get("/log")
def show() -> str:
    before = request.args.get("before", "")
    return render_template(
        "log.html",
        log=dashboard().reads.log(current_session().moderator.scope, before=before),
        is_first=not before,
        moderator=current_session().moderator,
        now=services().clock(),
    )
