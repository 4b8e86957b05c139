"""The only Flask in the project."""

import re
from functools import cache
from http import HTTPStatus

from flask import Flask, Response, request

from moderator.domain.errors import StorageUnavailableError
from moderator.intake.webhook.events import BULK_LIMIT
from moderator.usecases.answering.ask import Ask
from moderator.usecases.services import Services
from moderator.web import (
    blogspam,
    check,
    dashboard,
    errors,
    feed,
    linkback_endpoints,
    metrics,
    platforms,
    webhook,
)
from moderator.web.akismet import endpoints as akismet
from moderator.web.akismet import stats as akismet_stats
from moderator.web.answers import json_answer
from moderator.web.limits import RateLimit
from moderator.web.openapi import pages as openapi
from moderator.web.public_address import PublicAddress
from moderator.web.server.watching import ROUTE

CONVERTER = re.compile(r"<[^<>:]{1,64}:")


def create_app(
    services: Services,
    *,
    limit: RateLimit | None = None,
    endpoint_limits: linkback_endpoints.EndpointLimits | None = None,
) -> Flask:
    """Return the WSGI application; `limit` bounds how often one site may ask, `endpoint_limits` how
    often strangers may.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # a redirect would lose what was posted
    app.config["MAX_CONTENT_LENGTH"] = BULK_LIMIT
    app.extensions["services"] = services
    errors.register(app)
    limit = limit or RateLimit()
    webhook.register(app, services, limit)
    if services.ask is not None:
        _register_asking(app, services, services.ask, limit)
    endpoint_limits = endpoint_limits or linkback_endpoints.EndpointLimits()
    linkback_endpoints.register(app, services, endpoint_limits)
    if services.feed is not None:
        feed.register(app, services, services.feed, endpoint_limits.of_readers)
    _register_probes(app, services)
    if services.metrics is not None and services.metrics_token:
        metrics.register(app, services.metrics, services.metrics_token)
    openapi.register(app, services.public_url)
    app.before_request(_name_route)
    if services.dashboard is not None:
        dashboard.register(app)
    if services.public_url:
        # Flask's own way to put a layer before it; mypy sees a method that is assigned to.
        app.wsgi_app = PublicAddress(app.wsgi_app, services.public_url)  # type: ignore[method-assign]
    return app


def _name_route() -> None:
    """Tell whoever serves us what was asked for, by the name of a closed set."""
    if request.url_rule is not None:
        request.environ[ROUTE] = _plain(request.url_rule.rule)


@cache
def _plain(rule: str) -> str:
    """`/doors/<site_id>`, whatever the parts may look like."""
    return CONVERTER.sub("<", rule)


def _register_asking(app: Flask, services: Services, ask: Ask, limit: RateLimit) -> None:
    endpoints = akismet.AkismetEndpoints(services, ask, limit)
    akismet.register(app, endpoints)
    akismet_stats.register(app, akismet_stats.AkismetStats(endpoints, ask.tally, services.clock))
    blogspam.register(app, blogspam.BlogSpam(services, ask, limit))
    platforms.register(app, platforms.PlatformWebhooks(services, ask, limit))
    check.register(app, check.Check(webhook.Webhook(services, limit), ask))


def _register_probes(app: Flask, services: Services) -> None:
    def alive() -> Response:
        """GET /healthz: this process answers."""
        return json_answer({"status": "ok"}, HTTPStatus.OK)

    def ready() -> Response:
        """GET /readyz: the database answers. Silent workers are told, but do not stop intake."""
        try:
            readiness = services.ready(services.clock())
        except StorageUnavailableError as error:
            found = {"database": "down", "cause": error.cause, "detail": str(error)}
            return json_answer(found, HTTPStatus.SERVICE_UNAVAILABLE)
        workers = "ok" if readiness.is_working else "silent"
        told = {"database": "ok", "workers": workers, "silent": readiness.silent}
        return json_answer(told, HTTPStatus.OK)

    for rule, name, view in (("/healthz", "healthz", alive), ("/readyz", "readyz", ready)):
        app.add_url_rule(rule, name, view, methods=["GET"], provide_automatic_options=False)
