"""Moderators at the real dashboard: over HTTP, with cookies and forms, as a browser is."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar

from integrations.chaos.ledger import Ledger, Press

PASSWORD = "a-long-password-of-the-harness"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
FORM = re.compile(
    r'action="[^"]*/submissions/([0-9A-Za-z-]+)/decision[^"]*".*?'
    r'name="seen" value="(\d+)".*?name="version" value="(\d+)"',
    re.DOTALL,
)
ITEM = re.compile(r"/submissions/([0-9A-Za-z-]+)[?#\"]")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed: the item, its decision and text, and the form's token."""

    id: str
    sequence: int
    version: int
    csrf: str


class Moderator:
    """One person with a browser; methods give up quietly where the service does not answer."""

    def __init__(self, base: str, name: str, ledger: Ledger) -> None:
        self.base = base
        self.name = name
        self._ledger = ledger
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def come_in(self, link: str) -> None:
        """Choose a password by the one-time link. Raises PermissionError."""
        path = urllib.parse.urlsplit(link).path
        _, page = self._ask(path)
        form = {"csrf": _csrf(page), "password": PASSWORD, "again": PASSWORD}
        status, page = self._ask(path, form)
        if status != 200:
            raise PermissionError(f"{self.name} could not log in: {status}")

    def held(self) -> list[str]:
        """The ids on the first page of what waits."""
        _, page = self._ask("/queue")
        return list(dict.fromkeys(ITEM.findall(page)))

    def look(self, id_: str) -> Seen | None:
        """Open an item, which claims it; None where there is none to decide about."""
        _, page = self._ask(f"/submissions/{id_}")
        found = FORM.search(page)
        if found is None or found[1] != id_:
            return None
        return Seen(id_, int(found[2]), int(found[3]), _csrf(page))

    def decide(self, seen: Seen, verdict: str) -> str:
        """Return the token that takes it back, '' where it was not taken."""
        form = {"verdict": verdict, "seen": str(seen.sequence), "version": str(seen.version)}
        token = self._press(f"/submissions/{seen.id}/decision", form | {"csrf": seen.csrf})
        if token:
            id_, sequence, _ = token.rsplit(".", 2)
            press = Press(self.name, id_, verdict, seen.sequence, int(sequence))
            with self._ledger.writing():
                self._ledger.presses.append(press)
        return token

    def undo(self, token: str, csrf: str) -> None:
        self._press("/undo", {"token": token, "csrf": csrf})

    def _press(self, path: str, form: dict[str, str]) -> str:
        status, body = self._ask(path, form, accept="application/json")
        if status != 200:
            if status not in (0, 401, 403, 404, 409, 429, 503):
                with self._ledger.writing():
                    self._ledger.wrong.append(f"{path}: {status} {body[:200]!r}")
            return ""
        try:
            return str(json.loads(body).get("undo") or "")
        except ValueError:
            return ""

    def _ask(
        self, path: str, form: dict[str, str] | None = None, accept: str = "text/html"
    ) -> tuple[int, str]:
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.base}{path}", data, {"Accept": accept})  # noqa: S310
        try:
            with self._opener.open(request, timeout=15) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, ""
        except (OSError, HTTPException):
            return 0, ""


def _csrf(page: str) -> str:
    found = CSRF.search(page)
    return found[1] if found else ""
