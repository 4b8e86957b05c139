"""The dashboard's security: headers, cookies, who is logged in, who may send a form.

A route of the dashboard is closed unless it is named in OPEN. Every request that changes something
must come from our own pages: Origin and Sec-Fetch-Site (when sent) say so, and the form's token
proves it.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from moderator.domain.account import Right, Session
from moderator.domain.errors import ForbiddenError
from moderator.domain.verdict import Decider, DeciderKind
from moderator.usecases.moderate.sign_in import SESSION_LIFETIME
from moderator.usecases.services import Dashboard, Services
from moderator.web.answers import JSON, script_answer

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    # Not "no-referrer": browsers then send forms with "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_ENDPOINTS = frozenset(
    {
        "dashboard.static",
        "dashboard.login.form",
        "dashboard.login.log_in",
        "dashboard.login.invitation",
        "dashboard.login.choose_password",
    }
)
# Forms by which people see to themselves; all others decide something, unless they are of a page
# of MANAGED, which only owners even see: secrets are shown there.
OWN_ENDPOINTS = frozenset(
    {
        "dashboard.login.log_out",
        "dashboard.guide.choose_language",
        "dashboard.account.change_password",
        "dashboard.account.end",
        "dashboard.account.end_others",
        "dashboard.account.choose_digest",
    }
)
MANAGED = frozenset({"people", "sites", "audit"})
# Only our own pages may be returned to, after log-in and after a form.
OWN_PAGE = re.compile(
    r"/(?:queue|log|help|not-judged|account|people|audit|stats|(?:sites|thresholds|learned)(?:/[\w.-]+)?"
    r"|rules(?:/[\w-]+)?|submissions/[0-9A-Za-z-]+|campaign/[0-9a-f]+)(?:\?[\w=&.-]*)?",
    re.ASCII,
)
STATIC_CACHE_CONTROL = (
    "public, max-age=31536000, immutable"  # static addresses change with their content
)
MAX_FORM_BYTES = 64 * 1024
NOT_YOURS = "Your role does not allow this. An owner can give you another one"
MARK_SECONDS = 180 * 86_400  # a browser that nobody logs in with for longer is a stranger
OTHER_PAGE = "This form was not sent from our own page, or the page was too old. Please try again"


def services() -> Services:
    found: Services = current_app.extensions["services"]
    return found


def dashboard() -> Dashboard:
    found = services().dashboard
    if found is None:
        raise LookupError("this application was made without a dashboard")
    return found


def current_session() -> Session:
    """The session of this request; only routes that need one may ask."""
    found: Session = g.session
    return found


def decider() -> Decider:
    """Whoever sends this request."""
    moderator = current_session().moderator
    return Decider(DeciderKind.MODERATOR, moderator.id, moderator.name)


def guard() -> AnyResponse | None:
    """Before every request of the dashboard: refuse, send to the login page, or let pass."""
    g.session = None
    request.max_content_length = MAX_FORM_BYTES
    is_safe = request.method in SAFE_METHODS
    if not is_safe and not _is_from_here():
        raise ForbiddenError(OTHER_PAGE)
    if request.endpoint == "dashboard.static":
        return None
    value = session_value()
    if value:
        g.session = dashboard().sign_in.session(value, now=services().clock())
    if g.session is None and request.endpoint not in OPEN_ENDPOINTS:
        return _to_log_in()
    if not is_safe:
        given, right = unmasked(request.form.get("csrf", "")), _form_secret()
        if not compare_digest(given.encode(errors="replace"), right.encode()):
            raise ForbiddenError(OTHER_PAGE)
    _must_be_allowed(is_safe=is_safe)
    return None


def _must_be_allowed(*, is_safe: bool) -> None:
    """Raises ForbiddenError for what the role of the asker does not allow."""
    if request.endpoint not in OPEN_ENDPOINTS and not may(_right(is_safe=is_safe)):
        raise ForbiddenError(NOT_YOURS)


def _right(*, is_safe: bool) -> Right:
    """What this request needs; looking costs nothing, but for what only owners see."""
    endpoint = request.endpoint or ""
    if endpoint.split(".")[1:2] and endpoint.split(".")[1] in MANAGED:
        return Right.MANAGE
    return Right.OWN if is_safe or endpoint in OWN_ENDPOINTS else Right.DECIDE


def may(right: str) -> bool:
    """Whether who asks may do this; templates leave out what nobody may do."""
    session: Session | None = g.get("session")
    return session is not None and session.moderator.role.may(Right(right))


def own_page(wanted: str) -> str:
    """The address of a page of ours, '' for any other."""
    return wanted if OWN_PAGE.fullmatch(wanted) else ""


def session_value() -> str:
    """The cookie of this request's session."""
    return request.cookies.get(_cookie("session"), "")


def wants_json() -> bool:
    """Whether the script of our pages asks, and not somebody's browser."""
    return request.accept_mimetypes.best == JSON


def _to_log_in() -> AnyResponse:
    """To the login page, and back from there; a decision that was not written is named then."""
    wanted = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    verdict = request.form.get("verdict", "") if wanted is None else ""
    if verdict.isascii() and verdict.isalpha():
        about, _, _ = request.path.rpartition("/")
        wanted = f"{about}?lost={about.rpartition('/')[2]}&wanted={verdict}"
    log_in = url_for("dashboard.login.form", next=wanted)
    if wants_json():
        return script_answer({"ok": False, "login": log_in}, HTTPStatus.UNAUTHORIZED)
    return redirect(log_in, HTTPStatus.SEE_OTHER)


def _is_from_here() -> bool:
    """What the browser itself says about the page that sends this; other clients say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    ours = {request.host.lower(), urlsplit(dashboard().public_url).netloc.lower()}
    return urlsplit(origin).netloc.lower() in ours


def csrf_token() -> str:
    """What every form must carry. It looks different on every page: compressed pages could be
    asked for again and again, until their lengths tell what stays the same in them.
    """
    if "masked_token" not in g:
        secret = _form_secret().encode()
        pad = services().entropy(len(secret))
        mixed = bytes(one ^ other for one, other in zip(secret, pad, strict=True))
        g.masked_token = ".".join(urlsafe_b64encode(part).decode() for part in (pad, mixed))
    return str(g.masked_token)


def unmasked(token: str) -> str:
    """What `csrf_token` hid; anything else as it is."""
    try:
        pad, mixed = (urlsafe_b64decode(part) for part in token.split("."))
        return bytes(one ^ other for one, other in zip(pad, mixed, strict=True)).decode()
    except ValueError:
        return token


def _form_secret() -> str:
    """Of the session, or before log-in of a cookie of its own."""
    if getattr(g, "session", None) is not None:
        return current_session().csrf
    known = request.cookies.get(_cookie("form"), "")
    if not known:
        known = g.get("new_form_token") or services().entropy(32).hex()
        g.new_form_token = known
    return known


def finish(response: Response) -> Response:
    """After every request of the dashboard: headers, and the cookie that guards the login form."""
    response.headers.update(HEADERS)
    is_kept = request.endpoint == "dashboard.static" and response.status_code == HTTPStatus.OK
    response.headers["Cache-Control"] = STATIC_CACHE_CONTROL if is_kept else "no-store"
    if token := g.get("new_form_token"):
        _set_cookie(response, "form", token)
    return response


def set_session_cookie(response: AnyResponse, value: str) -> AnyResponse:
    """Give the browser its new session; what it held before is worth nothing from now on."""
    before = request.cookies.get(_cookie("session"), "")
    if before:
        dashboard().sign_in.log_out(before)
    g.pop("new_form_token", None)
    response.delete_cookie(_cookie("form"), secure=is_https(), httponly=True, samesite="Lax")
    _set_cookie(response, "session", value, max_age=int(SESSION_LIFETIME.total_seconds()))
    return response


def known_mark() -> str:
    """What an earlier log-in left in this browser; '' for none."""
    return request.cookies.get(_cookie("known"), "")


def set_mark_cookie(response: AnyResponse, mark: str) -> AnyResponse:
    """Let strangers' wrong tries not count for this browser from now on."""
    _set_cookie(response, "known", mark, max_age=MARK_SECONDS)
    return response


def clear_session_cookie(response: AnyResponse) -> AnyResponse:
    dashboard().sign_in.log_out(request.cookies.get(_cookie("session"), ""))
    response.delete_cookie(_cookie("session"), secure=is_https(), httponly=True, samesite="Lax")
    return response


def is_https() -> bool:
    return dashboard().public_url.startswith("https://")


def _cookie(name: str) -> str:
    """`__Host-` binds a cookie to our very host, but browsers take it only over https."""
    return f"__Host-moderator-{name}" if is_https() else f"moderator-{name}"


def _set_cookie(
    response: AnyResponse, name: str, value: str, *, max_age: int | None = None
) -> None:
    response.set_cookie(
        _cookie(name),
        value,
        max_age=max_age,
        path="/",
        secure=is_https(),
        httponly=True,
        samesite="Lax",
    )
