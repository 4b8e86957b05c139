"""A browser without a picture: cookies, redirects as they come, links and forms of a page."""

import http.client
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

LINKS = {"href", "src", "action", "data-pulse", "data-lines", "data-panes", "data-login"}


@dataclass(slots=True)
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """`links` as they are written, and `forms` with what a browser would send of them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in LINKS if given.get(name)]
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif self.forms and given.get("name"):
            self._fill(self.forms[-1], tag, given)

    def _fill(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given["name"], given.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif tag == "input" and given.get("type") not in {"checkbox", "radio"}:
            form.fields.setdefault(name, value)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Browser:
    """Talks to one origin; nothing is followed by itself."""

    def __init__(self, origin: str, trusted: ssl.SSLContext) -> None:
        self.origin, self._trusted = origin, trusted
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("GET", path, None, headers or {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self.send("POST", path, urlencode(fields).encode(), headers)

    def send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        parts = urlsplit(urljoin(self.origin, path))
        link = http.client.HTTPSConnection(parts.netloc, timeout=20, context=self._trusted)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        link.request(method, f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", body,
                     {**headers, **({"Cookie": cookie} if cookie else {})})  # fmt: skip
        got = link.getresponse()
        answer = Answer(got.status, got.headers, got.read())
        link.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.set_cookies.append(line)
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def inside(page_path: str, links: Iterator[str] | list[str], origin: str) -> Iterator[str]:
    """The paths of a page's links that lead to `origin`, with their queries."""
    for link in links:
        whole = urlsplit(urljoin(f"{origin}{page_path}", link))
        if f"{whole.scheme}://{whole.netloc}" == origin:
            yield whole.path + ("?" + whole.query if whole.query else "")
