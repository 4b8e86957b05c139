"""The linkback endpoints: senders are strangers without credentials, so everything is bounded.

In this order, cheapest refusal first: the site, the length, how often this address and this site's
endpoints were used, what the protocol says. The answer is the protocol's own in every case but 404,
413, 429 and 503.
"""

from dataclasses import dataclass, field
from functools import partial
from html import escape
from http import HTTPStatus

from flask import Flask, Response, request, url_for

from moderator import intake
from moderator.domain.errors import ModeratorError, NotFoundError, RequestError
from moderator.domain.events.arrival import Receipt
from moderator.domain.ids import new_id
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.site import Site
from moderator.domain.urls.addresses import network_of
from moderator.intake.linkback.claims import LinkbackProtocol, LinkbackRequest, ProtocolAnswer
from moderator.usecases.services import Services
from moderator.web.answers import API_HEADERS, json_answer
from moderator.web.bodies import body_within
from moderator.web.limits import RateLimit
from moderator.web.webhook import ID

PUBLIC_STATUS = {
    "queued": "It waits to be verified.",
    "approved": "It was verified and accepted.",
    "hold": "It waits for a person to decide.",
}
NOT_ACCEPTED = "It was not accepted."


@dataclass(frozen=True, slots=True)
class EndpointLimits:
    """`by_address` for one sender (an IPv6 network of 64 bits is one), `by_site` for all.

    `of_readers` is for one address that reads feeds.
    """

    by_address: RateLimit = field(default_factory=RateLimit)
    by_site: RateLimit = field(default_factory=RateLimit)
    of_readers: RateLimit = field(default_factory=RateLimit)


class LinkbackEndpoints:
    def __init__(self, services: Services, limits: EndpointLimits) -> None:
        self._services = services
        self._limits = limits

    def receive(self, site_id: str, protocol: LinkbackProtocol) -> Response:
        """POST /doors/<site_id>/<protocol>."""
        site = self._site(site_id)
        body = body_within(protocol.BODY_LIMIT)
        now, entropy = self._services.clock(), self._services.entropy
        address = request.remote_addr or ""
        self._limits.by_address.take(network_of(address), now)
        self._limits.by_site.take(site.id, now)
        call = LinkbackRequest(
            site=site,
            received_at=now,
            new_id=lambda: new_id(now, entropy(10)),
            content_type=request.headers.get("Content-Type", ""),
            query=request.args,
            ip=address,
            user_agent=request.headers.get("User-Agent", ""),
        )
        try:
            arrival = protocol.parse(body, call)
        except RequestError as error:
            return _answer(protocol.refused(error))
        [answer] = self._services.accept([arrival], now)
        return self._stored(site, protocol, answer)

    def _stored(
        self, site: Site, protocol: LinkbackProtocol, answer: Receipt | ModeratorError
    ) -> Response:
        if not isinstance(answer, Receipt):
            return _answer(protocol.refused(answer))
        response = _answer(protocol.accepted(answer))
        if protocol.HAS_STATUS_PAGES:
            response.headers["Location"] = url_for(
                _status_of(protocol), site_id=site.id, submission_id=answer.id, _external=True
            )
        return response

    def status(self, site_id: str, submission_id: str, protocol: LinkbackProtocol) -> Response:
        """GET /doors/<site_id>/<protocol>/<id>: how it stands, for who has the address."""
        site = self._site(site_id)
        if not ID.fullmatch(submission_id):
            raise NotFoundError(f"There is no such {protocol.KIND}")
        view = self._services.show(site.id, submission_id)
        if not view.platform_id.startswith(f"{protocol.KIND}:"):
            raise NotFoundError(f"There is no such {protocol.KIND}")
        if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
            return _page(view, protocol)
        status = view.status if view.status in PUBLIC_STATUS else "rejected"
        found = {"id": view.id, "status": status, "detail": _said(view)}
        return json_answer(found, HTTPStatus.OK)

    def _site(self, site_id: str) -> Site:
        site = self._services.sites.get(site_id) if site_id.isprintable() else None
        if site is None:
            raise NotFoundError("There is no such site")
        return site


def register(app: Flask, services: Services, limits: EndpointLimits) -> None:
    endpoints = LinkbackEndpoints(services, limits)
    for protocol in intake.linkback.LINKBACK_PROTOCOLS:
        app.add_url_rule(
            f"/doors/<site_id>/{protocol.KIND}",
            f"door_{protocol.KIND}",
            partial(endpoints.receive, protocol=protocol),
            methods=["POST"],
            provide_automatic_options=False,
        )
        if protocol.HAS_STATUS_PAGES:
            app.add_url_rule(
                f"/doors/<site_id>/{protocol.KIND}/<submission_id>",
                _status_of(protocol),
                partial(endpoints.status, protocol=protocol),
                methods=["GET"],
                provide_automatic_options=False,
            )


def _status_of(protocol: LinkbackProtocol) -> str:
    """The name of its status pages among the addresses of the application."""
    return f"status_{protocol.KIND}"


def _answer(told: ProtocolAnswer) -> Response:
    response = Response(told.body, told.status, content_type=told.content_type)
    response.headers.extend(API_HEADERS)
    return response


def _said(view: SubmissionStatus) -> str:
    return PUBLIC_STATUS.get(view.status, NOT_ACCEPTED)


def _page(view: SubmissionStatus, protocol: LinkbackProtocol) -> Response:
    name, said = protocol.KIND.capitalize(), escape(_said(view))
    page = f"<!doctype html><title>{name}</title><h1>{name}</h1><p>{said}</p>\n"
    return _answer(ProtocolAnswer(HTTPStatus.OK, "text/html; charset=utf-8", page.encode()))
