"""Asked by schemathesis for every request: events shall be about the site whose key is sent."""

import schemathesis


@schemathesis.hook
def map_body(context, body):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG001  # its types are not here
    """Name the site in what has the shape of an event, alone or in a bulk."""
    events = body.get("events", [body]) if isinstance(body, dict) else ()
    for event in events if isinstance(events, list) else ():
        data = event.get("data") if isinstance(event, dict) else None
        if isinstance(data, dict) and isinstance(data.get("site"), dict):
            data["site"]["id"] = "blog"
    return body
