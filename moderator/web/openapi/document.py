"""Puts the OpenAPI 3.1 document together: routes, what is said of them, shapes, the error table.

Source: the OpenAPI Specification 3.1.1. Pages for people are no interface: all other routes
are in it, also one that nobody described yet.
"""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from inspect import cleandoc

from werkzeug.routing import Map, Rule

from moderator import __version__
from moderator.web.answers import JSON, PROBLEM
from moderator.web.errors import ANSWERS
from moderator.web.openapi.fields import PATH_FIELDS, Field
from moderator.web.openapi.operation import Answer, Body, Operation
from moderator.web.openapi.operations import operations
from moderator.web.openapi.schemas import components

FOR_PEOPLE = ("dashboard.", "openapi.page", "openapi.style")
VARIABLE = re.compile(r"<(?:[^<>:]*:)?(\w+)>")
ADDED = frozenset({"HEAD", "OPTIONS"})  # by the router, to every GET
# What the server itself says to a request of any kind, before an endpoint has seen it.
OF_THE_SERVER = {
    400: "Broken HTTP, or not the format that it claims to be",
    405: "Another method: `Allow` says which",
    408: "The request was not complete in time",
    411: "No length",
    413: "The body is too large",
    414: "The request line is too long",
    421: "The request line names another host than `Host`",
    431: "The headers are too large",
    500: "An error on our side; it was logged",
    503: "Too much waits, or the database cannot take it: `Retry-After` says when to come back",
}
ANY = (400, 408, 413, 414, 421, 431, 500, 503)
HEADERS = {
    401: (Field("WWW-Authenticate", "How to prove who asks"),),
    429: (Field("Retry-After", "Seconds", kind="integer"),),
    503: (Field("Retry-After", "Seconds", kind="integer"),),
}
SIGNED = "`webhook-id`, `webhook-timestamp` and `webhook-signature`, as Standard Webhooks says"
SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "A site's key, `mod_...`"},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": f"{SIGNED}; with `X-Site-Id`",
    },
}
ABOUT = """
Self-hosted comment moderation: a blog sends a comment or a linkback, we check it, decide, and tell
the blog by a signed callback. Every refusal is `application/problem+json`, ids are strings.
"""
UNDESCRIBED = Operation("Others", "Not described yet", {200: Answer("Whatever it says")})


def document(routes: Map, public_url: str = "") -> dict[str, object]:
    """The whole description of these routes, which lie below `public_url`.

    Where none is said, they lie at the root of whatever host the description came from.
    """
    known = operations()
    paths: dict[str, dict[str, object]] = {}
    for rule in interfaces(routes):
        said = known.get(rule.endpoint, UNDESCRIBED)
        for method in methods(rule):
            paths.setdefault(path_of(rule), {})[method.lower()] = _operation(rule, method, said)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "moderator",
            "version": __version__,
            "description": cleandoc(ABOUT),
            "license": {"name": "As this service's own"},
        },
        "servers": [{"url": public_url or "/"}],
        "paths": dict(sorted(paths.items())),
        "webhooks": {"verdict": {"post": _callback()}},
        "components": {
            "schemas": {**components(), "Any": {"description": "Any JSON value"}},
            "responses": {f"Problem{status}": _problem(status) for status in _statuses(known)},
            "securitySchemes": SECURITY,
        },
    }


def interfaces(routes: Map) -> list[Rule]:
    """The routes that programs use."""
    return [rule for rule in routes.iter_rules() if not rule.endpoint.startswith(FOR_PEOPLE)]


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - ADDED)


def path_of(rule: Rule) -> str:
    """As OpenAPI writes it: what a part must look like stands with the parameter."""
    return VARIABLE.sub(r"{\1}", rule.rule)


def _operation(rule: Rule, method: str, said: Operation) -> dict[str, object]:
    answers = {str(status): _answer(answer) for status, answer in said.answers.items()}
    refusals = {*ANY, *said.refuses} - {int(status) for status in answers}
    found: dict[str, object] = {
        "operationId": f"{method.lower()}_{rule.endpoint.replace('/', '_').replace('-', '_')}",
        "tags": [said.tag],
        "summary": said.summary,
        "parameters": [*_path(rule), *map(_parameter, said.parameters)],
        "responses": answers | {str(each): _ref(each) for each in sorted(refusals)},
    }
    if said.notes:
        found["description"] = said.notes
    if not said.is_open:
        found["security"] = [{"key": []}, {"signature": []}]
    if said.takes and method == "POST":
        found["requestBody"] = {"required": True, "content": _content((said.takes,))}
    return found


def _path(rule: Rule) -> Iterable[dict[str, object]]:
    for name in sorted(rule.arguments):
        field = PATH_FIELDS.get(name, Field(name))
        yield {**_parameter(field), "in": "path", "required": True}


def _parameter(field: Field) -> dict[str, object]:
    found: dict[str, object] = {
        "name": field.name,
        "in": field.place,
        "required": field.is_required,
        "schema": field.schema,
    }
    return found | ({"description": field.says} if field.says else {})


def _answer(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = {"description": answer.says}
    if answer.bodies:
        found["content"] = _content(answer.bodies)
    if answer.headers:
        found["headers"] = _headers(answer.headers)
    return found


def _headers(fields: Iterable[Field]) -> dict[str, object]:
    return {
        field.name: {"description": field.says, "schema": field.schema}
        if field.says
        else {"schema": field.schema}
        for field in fields
    }


def _content(bodies: Iterable[Body]) -> dict[str, object]:
    return {
        body.media: {"schema": _schema(body)} | ({"example": body.example} if body.example else {})
        for body in bodies
    }


def _schema(body: Body) -> dict[str, object]:
    if body.shape:
        return {"$ref": f"#/components/schemas/{body.shape}"}
    if body.form:
        fields = {field.name: _described(field) for field in body.form}
        needed = [field.name for field in body.form if field.is_required]
        found: dict[str, object] = {"type": "object", "properties": fields}
        return found | ({"required": needed} if needed else {})
    return {"type": "string"} | ({"enum": list(body.words)} if body.words else {})


def _described(field: Field) -> dict[str, object]:
    return field.schema | ({"description": field.says} if field.says else {})


def _ref(status: int) -> dict[str, object]:
    return {"$ref": f"#/components/responses/Problem{status}"}


def _statuses(known: Mapping[str, Operation]) -> list[int]:
    return sorted({*OF_THE_SERVER, *(each for said in known.values() for each in said.refuses)})


def _problem(status: int) -> dict[str, object]:
    """In the words of the errors that are answered so."""
    found: dict[str, object] = {
        "description": OF_THE_SERVER.get(status) or _in_the_table(status),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in HEADERS:
        found["headers"] = _headers(HEADERS[status])
    return found


def _in_the_table(status: int) -> str:
    said = (
        cleandoc(error.__doc__ or "").partition("\n")[0]
        for error, answer in ANSWERS.items()
        if answer.status == status
    )
    return next(said, HTTPStatus(status).phrase)


def _callback() -> dict[str, object]:
    taken = 'Applied; with `"applied": false` the blog keeps its own decision'
    return {
        "tags": ["Callbacks"],
        "summary": "A verdict, told to the blog",
        "description": f"Signed: {SIGNED}.",
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/Callback"}}},
        },
        "responses": {
            "200": {"description": taken},
            "404": {"description": "The comment is gone"},
            "409": {"description": "A person changed it"},
            "410": {"description": "The endpoint is gone"},
            "503": {"description": "Later: `Retry-After` says when"},
        },
    }
