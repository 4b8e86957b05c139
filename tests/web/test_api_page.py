"""The page of the API: whole, still, and nobody else's."""

import re
from http import HTTPStatus

from tests.web.contract import Contract
from tests.web.desk import Office


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
