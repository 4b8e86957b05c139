"""One campaign: what its comments look like, where they came, and why each belongs to it."""

from flask import Blueprint, render_template

from moderator.web.dashboard.security import current_session, dashboard, services

page = Blueprint("campaign", __name__)


@page.get("/campaign/<campaign_id>")
def show(campaign_id: str) -> str:
    return render_template(
        "campaign.html",
        found=dashboard().reads.campaign(current_session().moderator.scope, campaign_id),
        moderator=current_session().moderator,
        now=services().clock(),
    )
