"""A callback that the blog refused, or that was given up, is sent again."""

from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from moderator.web.dashboard.security import current_session, dashboard, own_page, services

page = Blueprint("delivery", __name__)


@page.post("/deliveries/<delivery_id>/resend")
def resend(delivery_id: str) -> Response:
    """Back to where the button was, or to what the callback is about."""
    scope = current_session().moderator.scope
    about = dashboard().resend(scope, delivery_id, now=services().clock())
    shown = url_for("dashboard.submission.show", submission_id=about)
    return redirect(own_page(request.form.get("back", "")) or shown, HTTPStatus.SEE_OTHER)
