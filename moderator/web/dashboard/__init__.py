"""One page per file; the pages of the dashboard are listed here."""

from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Flask

from moderator.web.dashboard import (
    account,
    audit,
    bulk,
    campaign,
    delivery,
    errors,
    filters,
    guide,
    labels,
    language,
    learned,
    log,
    login,
    note,
    packing,
    people,
    pulse,
    queue,
    rule,
    rule_forms,
    rules,
    security,
    sites,
    stats,
    submission,
    thresholds,
    trust,
    undo,
    wordpress,
)

PAGES = (
    login.page,
    queue.page,
    submission.page,
    undo.page,
    bulk.page,
    campaign.page,
    log.page,
    pulse.page,
    guide.page,
    note.page,
    delivery.page,
    account.page,
    people.page,
    sites.page,
    stats.page,
    wordpress.page,
    rules.page,
    rule.page,
    trust.page,
    thresholds.page,
    learned.page,
    audit.page,
)

STATIC = Path(__file__).parent / "static"


def register(app: Flask) -> None:
    """Hang the pages into the application, behind one guard."""
    dashboard = Blueprint(
        "dashboard",
        __name__,
        static_folder="static",
        static_url_path="/static",
        template_folder="templates",
    )
    for page in PAGES:
        dashboard.register_blueprint(page)
    dashboard.before_request(security.guard)
    dashboard.after_request(security.finish)
    dashboard.after_request(packing.pack)  # the last is called first
    errors.register(app, dashboard)
    language.register(app)
    filters.register(app)
    labels.register(app)
    app.jinja_env.globals.update(
        csrf_token=security.csrf_token, edition=_edition(), may=security.may
    )
    rule_forms.register(app)
    app.register_blueprint(dashboard)


def _edition() -> str:
    """Changes when a static file changes, so that browsers may keep them for long."""
    files = sorted(STATIC.iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
