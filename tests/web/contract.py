"""Holds answers of the application to its own OpenAPI document."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

Json = Any


class Contract:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self.document: dict[str, Json] = json.loads(app.test_client().get("/openapi.json").data)

    def operation(self, method: str, path: str) -> dict[str, Json]:
        rule, _ = self._app.url_map.bind("").match(path, method, return_rule=True)
        name = re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", str(rule))
        operation: dict[str, Json] = self.document["paths"][name][method.lower()]
        return operation

    def judge(self, answer: TestResponse) -> None:
        """Raises AssertionError, ValidationError for what the document does not foresee."""
        asked = answer.request
        responses = self.operation(asked.method, asked.path)["responses"]
        status = str(answer.status_code)
        assert status in responses, f"{asked.method} {asked.path}: {status}, {answer.text}"
        said = self._resolved(responses[status])
        contents = said.get("content", {})
        if not contents:
            return
        media = {name.partition(";")[0]: content for name, content in contents.items()}
        assert answer.mimetype in media, f"{asked.path}: {answer.mimetype}"
        schema = media[answer.mimetype]["schema"]
        body = answer.get_json() if answer.is_json else answer.text
        self.validate(body, schema)

    def validate(self, value: object, schema: Mapping[str, Json]) -> None:
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole).validate(value)

    def _resolved(self, said: dict[str, Json]) -> dict[str, Json]:
        if "$ref" not in said:
            return said
        name = said["$ref"].rpartition("/")[2]
        found: dict[str, Json] = self.document["components"]["responses"][name]
        return found
