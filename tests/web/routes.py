"""Every route of an application, with a path that fits it: none is tested by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from moderator.web.errors import API

PROBES = ("/healthz", "/readyz", "/metrics")
OPENLY = ("/openapi.json", "/docs/api")  # what the service is, for anybody
# What stands for each part of a path. A new name fails loudly until it is said here.
VALUES = {
    "submission_id": "s1",
    "campaign_id": "c1",
    "site_id": "blog",
    "token": "t",
    "what": "post",
    "delivery_id": "msg_s1-1",
    "key": "0" * 12,
    "name": "isso",
    "filename": "desk.css",
    "rule_id": "r1",
}


@dataclass(frozen=True)
class Route:
    """One method of one rule."""

    rule: Rule
    method: str
    path: str

    @property
    def is_page(self) -> bool:
        """Whether people look at it, and not programs."""
        return not self.rule.rule.startswith((*API, *PROBES, *OPENLY))

    @property
    def is_safe(self) -> bool:
        return self.method in {"GET", "HEAD", "OPTIONS"}

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes(app: Flask, **values: str) -> Iterator[Route]:
    """Every route, its path filled with `values` and what stands for all others."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        known = {**VALUES, **values}
        unknown = rule.arguments - known.keys()
        assert not unknown, f"{rule.rule}: say in tests/web/routes.py what stands for {unknown}"
        path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
        for method in sorted(rule.methods or ()):
            yield Route(rule, method, path)


def pages(app: Flask, **values: str) -> Iterator[Route]:
    return (route for route in routes(app, **values) if route.is_page)
