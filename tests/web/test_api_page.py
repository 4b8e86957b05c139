"""The page of the API: whole, still, and nobody else's; and what is said before any endpoint is."""

import json
import re
from http import HTTPStatus

from tests.web.contract import Contract
from tests.web.desk import Office
from tests.web.serving import connected, read_replies, send, serving


def test_the_page_names_every_route_and_loads_nothing_from_elsewhere(office: Office) -> None:
    app = office.app()
    client, contract = app.test_client(), Contract(app)
    page = client.get("/docs/api")
    assert page.status_code == HTTPStatus.OK
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "script-src" not in page.headers["Content-Security-Policy"]
    for path, methods in contract.document["paths"].items():
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in page.text, path
    assert re.findall(r'(?:src|href)="([^"#]*)"', page.text) == ["/docs/api.css", "/openapi.json"]
    assert "<script" not in page.text
    assert " style=" not in page.text
    targets = set(re.findall(r'href="#([^"]+)"', page.text))
    assert targets <= set(re.findall(r' id="([^"]+)"', page.text))
    assert client.get("/docs/api.css").mimetype == "text/css"


def test_what_the_server_says_by_itself_is_a_problem(office: Office) -> None:
    app = office.app()
    contract = Contract(app)
    start = b"GET /healthz HTTP/1.1\r\n"
    heads = {
        400: start + b"\r\n",
        414: b"GET /healthz?" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        421: b"GET http://b/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
        431: start + b"Host: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    }
    problem = {"$ref": "#/components/schemas/Problem"}
    responses = contract.operation("GET", "/healthz")["responses"]
    with serving(app) as port:
        for status, head in heads.items():
            with connected(port) as connection:
                send(connection, head)
                [reply] = read_replies(connection)
            assert reply.status == status
            assert str(status) in responses
            contract.validate(json.loads(reply.body), problem)
