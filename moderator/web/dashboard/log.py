"""The log: what was decided, by whom, and whether the blog knows."""

from flask import Blueprint, render_template, request

from moderator.web.dashboard.security import desk, services, visit

page = Blueprint("log", __name__)


@page.get("/log")
def show() -> str:
    before = request.args.get("before", "")
    return render_template(
        "log.html",
        log=desk().look.log(visit().moderator.scope, before=before),
        is_first=not before,
        moderator=visit().moderator,
        now=services().clock(),
    )
