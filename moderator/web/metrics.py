"""`GET /metrics`: what the service did and how it stands, for who has the operator's token.

Without a token there is no such page: whoever sits behind a proxy of this machine would look like
this machine itself.
"""

import hmac
from http import HTTPStatus

from flask import Flask, Response, request

from moderator.domain.errors import UnauthenticatedError
from moderator.usecases.operate.metrics import ReadMetrics
from moderator.web.answers import API_HEADERS

PATH = "/metrics"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"


def register(app: Flask, read: ReadMetrics, token: str) -> None:
    def metrics() -> Response:
        """GET /metrics. Raises UnauthenticatedError."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):
            raise UnauthenticatedError("A bearer token is needed: the setting METRICS_TOKEN")
        return Response(read(), HTTPStatus.OK, list(API_HEADERS), content_type=FORMAT)

    app.add_url_rule(PATH, "metrics", metrics, methods=["GET"], provide_automatic_options=False)
