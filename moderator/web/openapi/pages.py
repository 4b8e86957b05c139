"""GET /openapi.json, and the same to be read: /docs/api, without scripts and without strangers."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import msgspec
from flask import Blueprint, Flask, Response, render_template, request
from markupsafe import Markup, escape

from moderator.web.answers import JSON
from moderator.web.openapi.document import document
from moderator.web.openapi.operation import TAGS

FILES = Path(__file__).parent / "templates"
LIMITS = {
    "minimum": "from {}",
    "maximum": "to {}",
    "maxLength": "at most {} characters",
    "maxItems": "at most {}",
}
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none';"
        " base-uri 'none'; form-action 'none'"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ApiPages:
    """Made once, when it is first asked for: every route is known by then."""

    def __init__(self, app: Flask, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    @cached_property
    def _document(self) -> dict[str, object]:
        return document(self._app.url_map, self._public_url)

    @cached_property
    def _json(self) -> bytes:
        return msgspec.json.encode(self._document)

    @cached_property
    def _style(self) -> bytes:
        return (FILES / "api.css").read_bytes()

    def openapi(self) -> Response:
        """GET /openapi.json: anybody may read it, scripts of other pages too."""
        answer = _finished(self._json, JSON)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    def page(self) -> Response:
        """GET /docs/api."""
        written = render_template("api.html", api=self._document, tags=TAGS)
        return _finished(written.encode(), "text/html; charset=utf-8")

    def style(self) -> Response:
        """GET /docs/api.css."""
        return _finished(self._style, "text/css; charset=utf-8")


def register(app: Flask, public_url: str) -> None:
    pages = ApiPages(app, public_url)
    blueprint = Blueprint("openapi", __name__, template_folder="templates")
    blueprint.add_app_template_filter(type_words)
    blueprint.add_app_template_filter(with_code)
    for rule, name, view in (
        ("/openapi.json", "document", pages.openapi),
        ("/docs/api", "page", pages.page),
        ("/docs/api.css", "style", pages.style),
    ):
        blueprint.add_url_rule(rule, name, view, methods=["GET"], provide_automatic_options=False)
    app.register_blueprint(blueprint)


def with_code(text: str) -> Markup:
    """What stands between backquotes as code."""
    plain, *rest = (escape(part) for part in text.split("`"))
    pieces = [Markup("<code>{}</code>").format(each) if odd % 2 == 0 else each
              for odd, each in enumerate(rest)]  # fmt: skip
    return Markup("").join((plain, *pieces))


def type_words(schema: Mapping[str, object]) -> str:
    """A schema in a few words: `string, at most 255 characters`."""
    return ", ".join((_kind(schema), *_limits(schema)))


def _kind(schema: Mapping[str, object]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].rpartition(".")[2]
    several = schema.get("anyOf")
    if isinstance(several, list):
        return " or ".join(type_words(each) for each in several)
    items = schema.get("items")
    if isinstance(items, dict):
        return f"list of {type_words(items)}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _limits(schema: Mapping[str, object]) -> Iterator[str]:
    for name, words in LIMITS.items():
        if name in schema:
            yield words.format(schema[name])
    choices = schema.get("enum")
    if isinstance(choices, list):
        yield "one of " + ", ".join(map(str, choices))


def _finished(body: bytes, media: str) -> Response:
    answer = Response(body, HTTPStatus.OK, HEADERS, content_type=media)
    answer.set_etag(sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)  # type: ignore[return-value]  # it is the same one
