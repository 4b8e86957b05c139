"""The whole service below a path, behind a real nginx with the example of integrations/deploy.

Debian's nginx is unpacked, given a certificate, and hands `/moderation/` on; everything else of
that site is another's. A browser without a picture walks every page, link and form; every address
and redirect must lie below the path. So must what programs send: /v1, Akismet, pingback, trackback,
webmention, blogspam. Needs openssl and Debian's packages. `python -m integrations.proofs.prefix`
"""

import json
import os
import re
import ssl
from collections import Counter, deque
from pathlib import Path
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from integrations.proofs import nginx
from integrations.proofs.browser import Browser, Page, inside
from integrations.proofs.certificates import Certificates
from integrations.proofs.ground import (
    COMMANDS,
    ROOT,
    Processes,
    ProofError,
    answers,
    event,
    folder,
    free_port,
    libraries,
    moderator,
    proof,
    step,
    unpacked,
    wait_until,
)
from moderator.clients.redis.program import redis_command
from moderator.settings import Settings
from moderator.wsgi import build

BELOW = "/moderation"
EXAMPLE = ROOT / "integrations" / "deploy" / "nginx-below-a-path.conf"
RULE = ["rules", "add", "--site", "demo", "--kind", "list", "--do", "hold", "bridges.example"]
PASSWORD = "correct horse battery"
OF_A_KIND = 12  # addresses of one route that are walked
XML = "text/xml"
FORM = "application/x-www-form-urlencoded"
STYLE_URL = re.compile(r"url\(['\"]?([^'\")]+)")


def start_nginx(place: Path, processes: Processes, made: Certificates, service: int) -> str:
    """The example as it stands, but for ports and certificate; its origin."""
    port, root = free_port(), unpacked(place / "nginx", nginx.PACKAGES)
    example = EXAMPLE.read_text()
    tls = f"ssl_certificate {made.certificate}; ssl_certificate_key {made.key};"
    example = example.replace("listen 80;", f"listen 127.0.0.1:{port} ssl; {tls}")
    example = example.replace("127.0.0.1:8000", f"127.0.0.1:{service}")
    config = place / "nginx.conf"
    config.write_text(nginx.whole(example, place))
    processes.start("nginx", nginx.command(root, place, config), libraries(root))
    return f"https://127.0.0.1:{port}"


def is_below(path: str) -> bool:
    return path == BELOW or path.startswith(f"{BELOW}/")


def walk(browser: Browser, known: Map) -> Counter[str]:
    """Follow links from the desk on, some of each kind; how many of which were seen.

    Raises ProofError.
    """
    waiting = deque(f"{BELOW}{path}" for path in ("/", "/docs/api", "/openapi.json"))
    seen, walked = set(waiting), Counter[str]()
    router = known.bind("127.0.0.1")
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = str(router.match(path.partition("?")[0].removeprefix(BELOW))[0])
        except HTTPException as error:
            raise ProofError(f"GET {path}: no route of ours: {error}") from error
        if walked[endpoint] == OF_A_KIND:
            continue
        walked[endpoint] += 1
        answer = browser.get(path)
        if answer.status not in {200, 302, 303, 304}:
            raise ProofError(f"GET {path}: {answer.status}")
        for found in links_of(path, answer.location, answer.text, browser):
            if not is_below(found):
                raise ProofError(f"{path} leads to {found}")
            address = found.partition("#")[0]
            if address not in seen and not _is_sent(address):
                seen.add(address)
                waiting.append(address)
    step(f"{walked.total()} addresses walked, {len(seen)} found, all below {BELOW}/")
    return walked


def _is_sent(address: str) -> bool:
    return bool(re.search(r"/(logout|open)\b", address))


def links_of(path: str, location: str, text: str, browser: Browser) -> list[str]:
    links = [location] if location else []
    if path.partition("?")[0].endswith(".css"):
        links += STYLE_URL.findall(text)
    elif text.lstrip().startswith("<"):
        page = Page(text)
        gets = [form.action or path for form in page.forms if form.method == "get"]
        posts = [form.action or path for form in page.forms if form.method == "post"]
        for action in inside(path, posts, browser.origin):
            if not is_below(action):
                raise ProofError(f"{path} sends to {action}")
        sent = {form.action for form in page.forms}
        links += [link for link in page.links if link not in sent] + gets
    return list(inside(path, links, browser.origin))


def log_in(browser: Browser, link: str) -> None:
    if not link.startswith(f"{browser.origin}{BELOW}/welcome/"):
        raise ProofError(f"the first log-in is elsewhere: {link}")
    path = link.removeprefix(browser.origin)
    [form] = [each for each in Page(browser.get(path).text).forms if each.method == "post"]
    fields = form.fields | {"password": PASSWORD, "again": PASSWORD}
    went = browser.post(form.action or path, fields)
    if went.status != 303 or not is_below(went.location):
        raise ProofError(f"after log-in: {went.status} {went.location}")
    step(f"logged in by {link.rpartition('/')[0]}/…")


def decide_and_undo(browser: Browser) -> None:
    """Press what is shown: a decision, its undo, the language, the log-out; all come back below."""
    queue = browser.get(f"{BELOW}/queue").text
    first = next(found for found in Page(queue).links if re.search(r"/submissions/\w{32}", found))
    page = Page(browser.get(first).text)
    form = next(each for each in page.forms if each.action.endswith("/decision"))
    name, value = form.buttons[0]
    onwards = pressed(browser, form.action, form.fields | {name: value})
    shown = Page(browser.get(onwards).text)
    undo = next(each for each in shown.forms if each.action.endswith("/undo"))
    pressed(browser, undo.action, undo.fields)
    help_ = Page(browser.get(f"{BELOW}/help").text)
    language = next(each for each in help_.forms if each.action.endswith("/language"))
    pressed(browser, language.action, language.fields | {"language": "de"})
    out = next(each for each in help_.forms if each.action.endswith("/logout"))
    pressed(browser, out.action, out.fields)
    again = browser.get(f"{BELOW}/queue")
    if again.status != 303 or not again.location.startswith(f"{BELOW}/login"):
        raise ProofError(f"a stranger is sent to {again.location}")
    step("decided, undone, another language, logged out: every redirect below the path")


def pressed(browser: Browser, action: str, fields: dict[str, str]) -> str:
    """Where it leads."""
    went = browser.post(action, fields)
    onwards = went.location.removeprefix(browser.origin)
    if went.status != 303 or not is_below(onwards):
        raise ProofError(f"POST {action}: {went.status} {went.location} {went.text[:200]}")
    return onwards


def cookies_are_ours(browser: Browser) -> None:
    """Over https they are bound to the host, as `__Host-` asks, and no script reads them."""
    if not browser.set_cookies:
        raise ProofError("no cookies were set")
    for line in browser.set_cookies:
        name = line.partition("=")[0]
        is_bound = name.startswith("__Host-") or name == "moderator-language"
        if not is_bound or "Path=/" not in line or "HttpOnly" not in line:
            raise ProofError(f"a cookie: {line}")
        if "Secure" not in line or "Domain" in line:
            raise ProofError(f"a cookie: {line}")
    step(f"{len(browser.set_cookies)} cookies, those of sessions bound to the host by __Host-")


def programs_are_answered(browser: Browser, key: str, akismet: str) -> None:
    """What blogs and strangers send by programs, below the path."""
    bearer = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps(event(5)).encode()
    sent(browser, "/v1/submissions", body, bearer, (202, b'"id"'))
    sent(browser, "/v1/check?wait_ms=5000", json.dumps(event(6)).encode(), bearer, (200, b"final"))
    bulk = json.dumps({"events": [event(7), event(8)]}).encode()
    sent(browser, "/v1/submissions/bulk", bulk, bearer, (200, b"id"))
    form = {"Content-Type": FORM}
    asked = {"api_key": akismet, "blog": "https://blog.example.org/", "user_ip": "192.0.2.7",
             "user_agent": "Mozilla/5.0", "comment_content": "What a fine article!"}  # fmt: skip
    verify = urlencode({"key": akismet, "blog": "https://blog.example.org/"}).encode()
    sent(browser, "/1.1/verify-key", verify, form, (200, b"valid"))
    sent(browser, "/1.1/comment-check", urlencode(asked).encode(), form, (200, b""))
    sent(browser, "/1.1/submit-spam", urlencode(asked).encode(), form, (200, b"Thanks"))
    told = json.dumps({"comment": "What a fine article!", "ip": "192.0.2.7"}).encode()
    sent(browser, f"/blogspam/{akismet}/", told, bearer, (200, b""))
    ping = (
        "<?xml version='1.0'?><methodCall><methodName>pingback.ping</methodName><params><param>"
        "<value><string>https://elsewhere.example/1</string></value></param><param><value><string>"
        "https://blog.example.org/1</string></value></param></params></methodCall>"
    )
    sent(browser, "/doors/demo/pingback", ping.encode(), {"Content-Type": XML}, (200, b"method"))
    claim = {"source": "https://elsewhere.example/2", "target": "https://blog.example.org/1"}
    answer = sent(browser, "/doors/demo/webmention", urlencode(claim).encode(), form, (201, b""))
    if not answer.startswith(f"{browser.origin}{BELOW}/doors/demo/webmention/"):
        raise ProofError(f"the status page of a webmention: {answer}")
    track = {"url": "https://elsewhere.example/3", "title": "A title", "blog_name": "Elsewhere"}
    path = "/doors/demo/trackback?target=https://blog.example.org/1"
    sent(browser, path, urlencode(track).encode(), form, (200, b"<error>"))
    step("/v1, bulk, Akismet, blogspam, pingback, webmention and trackback are answered")


def sent(
    browser: Browser, path: str, body: bytes, headers: dict[str, str], wanted: tuple[int, bytes]
) -> str:
    answer = browser.send("POST", BELOW + path, body, headers)
    if answer.status != wanted[0] or wanted[1] not in answer.body:
        raise ProofError(f"POST {path}: {answer.status} {answer.text[:300]}")
    return answer.location


def documents_name_the_path(browser: Browser) -> None:
    found = json.loads(browser.get(f"{BELOW}/openapi.json").body)
    if [each["url"] for each in found["servers"]] != [f"{browser.origin}{BELOW}"]:
        raise ProofError(f"openapi.json: {found['servers']}")
    for path in ("/queue", "/v1/submissions", "/static/desk.js", "/1.1/verify-key"):
        if browser.get(path).status != 404:
            raise ProofError(f"{path} is not ours, and answers")
    step("openapi.json names the path; nothing of ours answers beside it")


def every_page_was_walked(seen: Counter[str], known: Map) -> None:
    """Of what is read by GET: only what needs an id of its own kind may be left out."""
    readable = {rule.endpoint for rule in known.iter_rules() if "GET" in (rule.methods or ())}
    desk = {each for each in readable if each.startswith(("dashboard.", "openapi."))}
    left = sorted(desk - seen.keys() - UNLINKED)
    if left:
        raise ProofError(f"not walked: {', '.join(left)}")
    step(f"every page of the dashboard was walked: {len(desk & seen.keys())} of them")


# No page leads there by a link: scripts ask them, or they end what is shown.
UNLINKED = frozenset({
    "dashboard.login.form", "dashboard.login.invitation", "dashboard.submission.open_elsewhere",
    "dashboard.submission.panes", "dashboard.pulse.show", "dashboard.queue.lines",
})  # fmt: skip


def run() -> None:
    with folder() as place, Processes(place) as processes:
        made, port, redis = Certificates(place / "made"), free_port(), free_port()
        processes.start("redis", redis_command(redis, place))
        origin = start_nginx(place, processes, made, port)
        environment = {
            **os.environ, "PUBLIC_URL": f"{origin}{BELOW}", "TRUSTED_PROXY": "127.0.0.1",
            "PORT": str(port), "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "DATA_DIR": str(place / "var"),
        }  # fmt: skip
        link, key, akismet = prepared(environment)
        for name, command in COMMANDS.items():
            processes.start(name, command, environment)
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "the web answers")
        trusted = ssl.create_default_context(cafile=str(made.ca))
        browser = Browser(origin, trusted)
        wait_until(lambda: browser.get(f"{BELOW}/healthz").status == 200, "nginx hands on", 20)
        known = build(Settings.from_environment(environment)).url_map
        log_in(browser, link)
        programs_are_answered(browser, key, akismet)
        every_page_was_walked(walk(browser, known), known)
        documents_name_the_path(browser)
        decide_and_undo(browser)
        cookies_are_ours(browser)


def prepared(environment: dict[str, str]) -> tuple[str, str, str]:
    """The first log-in, the demo site's key and its key for Akismet clients."""
    shown = []
    for words in (["prepare"], ["seed", "--demo"], ["site", "akismet-key", "demo"], RULE):
        code, said, trouble = moderator(words, environment)
        if code:
            raise ProofError(f"{' '.join(words)}: {trouble}")
        shown.append(said)
    [link] = re.findall(r"First login: (\S+)", shown[0])
    [key] = re.findall(r"Bearer (\S+?)'", shown[0])
    [akismet] = re.findall(r"\b[0-9a-f]{12}\b", shown[2])
    return link, key, akismet


if __name__ == "__main__":
    raise SystemExit(proof(run))
