"""Asked by schemathesis for every request: what is drawn shall mostly be about the site there is.

Strangers' ids and addresses of nobody's pages are refused at the first step, and show nothing more.
"""

import schemathesis

PAGE = "http://blog.example/2026/03/the-river"


@schemathesis.hook
def map_body(context, body):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG001  # its types are not here
    """Name the site in what has the shape of an event, alone or in a bulk; and a page of it."""
    if isinstance(body, dict) and _is_turn(body.get("target")):
        body["target"] = PAGE
    events = body.get("events", [body]) if isinstance(body, dict) else ()
    for event in events if isinstance(events, list) else ():
        data = event.get("data") if isinstance(event, dict) else None
        if isinstance(data, dict):
            _name_site(data)
    return body


@schemathesis.hook
def map_path_parameters(context, path_parameters):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG001
    if isinstance(path_parameters, dict) and _is_turn(path_parameters.get("site_id")):
        path_parameters["site_id"] = "blog"
    return path_parameters


@schemathesis.hook
def map_query(context, query):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG001
    if isinstance(query, dict) and _is_turn(query.get("target")):
        query["target"] = PAGE
    return query


def _name_site(data: dict[str, object]) -> None:
    site, comment, post = (data.get(name) for name in ("site", "comment", "post"))
    if isinstance(site, dict):
        site["id"] = "blog"
    if isinstance(comment, dict) and _is_turn(comment.get("type")):
        comment["type"] = "webmention"
    if isinstance(post, dict) and _is_turn(post.get("url")):
        post["url"] = PAGE


def _is_turn(drawn: object) -> bool:
    """Most of the time, and the same time for the same value."""
    return drawn is not None and sum(str(drawn).encode(errors="replace")) % 4 > 0
