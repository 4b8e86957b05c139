"""The golden scenario: two real blogs, the plugin, the service; the public page shows one pingback.

Four pingbacks reach an article of blog A: three carry the same excerpt from three addresses of
blog B, the fourth is blog A's own. The earliest is published, its copies and the self-ping are
discarded, and the dashboard says why. RUNS repeats it, each time with a new article and for a
newly registered site (the excerpt is the same each time, and a site's copies are found on all its
posts); in every second run verdicts come while pings still arrive.
"""

import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from integrations.wordpress.e2e.blogs import (
    FOLDER,
    LAB,
    PORT,
    Blog,
    Json,
    Lab,
    running_lab,
    wait_for,
)
from integrations.wordpress.e2e.service import Credentials, Service, text_of
from moderator.catalogue import catalogue
from moderator.domain.verdict import Reason

INSTALLS = (
    "php8.2-cli, php8.2-mysql, php8.2-curl, php8.2-xml, php8.2-mbstring, mariadb-server-core, "
    "mariadb-client-core, bc"
)
PINGBACK = re.compile(r'(?s)<li[^>]*class="pingback.*?</li>')
EXPECTED = ["approved", "trash", "trash", "trash"]


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands when the scenario begins."""

    blog: Blog
    service: Service
    credentials: Credentials
    moderator: httpx.Client
    is_bare: bool = False  # nothing of ours is on the blog

    def view(self, comment_id: int) -> dict[str, Json]:
        """What the service tells the blog about a comment."""
        answer = httpx.get(
            f"{self.service.url}/v1/submissions/find",
            params={"platform_id": str(comment_id)},
            headers={"Authorization": f"Bearer {self.credentials.api_key}"},
            timeout=30,
        )
        answer.raise_for_status()
        found: dict[str, Json] = answer.json()
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    statuses: list[str]
    seconds: float
    faults: list[str]


def main() -> int:
    runs = int(os.environ.get("RUNS", "1"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all is stopped
    print(f"WordPress lab: {LAB}\nIts folder:    {FOLDER}")
    print(f"Installs with apt-get what is missing of: {INSTALLS}")
    print("Unpacks Debian's wordpress package into its folder; enables no service.\n", flush=True)
    with (
        running_lab() as lab,
        tempfile.TemporaryDirectory(prefix="moderator-e2e-") as service_folder,
        running(Service(Path(service_folder))) as service,
    ):
        moderator = service.moderator()
        lab.install_plugin("a")
        outcomes = [
            show(number, play(_stage(lab, service, moderator, number), number))
            for number in range(1, runs + 1)
        ]
        failed = sum(bool(outcome.faults) for outcome in outcomes)
        if failed:
            print(service.log.read_text(errors="replace")[-6000:])
    print(f"\n{runs - failed} of {runs} as they should be")
    return 1 if failed else 0


@contextmanager
def running(service: Service) -> Iterator[Service]:
    try:
        service.start()
        yield service
    finally:
        service.stop()


def _stage(lab: Lab, service: Service, moderator: httpx.Client, number: int) -> Stage:
    """Register blog A anew and tell the plugin; its sweep runs when the scenario says so."""
    blog = Blog(lab, "a")
    blog.ask("e2e_forget_unsent")
    blog.ask("e2e_postpone")
    callback = str(blog.ask(r"\Moderator_Bridge\callback_url"))
    credentials = service.add_site(
        f"blog-a-{number}", f"{blog.url}/", callback, f"127.0.0.2:{PORT}", f"127.0.0.3:{PORT}"
    )
    lab.configure(
        "a", url=service.url, site_id=credentials.site_id, secret=credentials.secret, old_secret=""
    )
    return Stage(blog, service, credentials, moderator)


def play(stage: Stage, number: int) -> Outcome:
    """One article and its four pingbacks, from the first ping to what people see."""
    started = time.monotonic()
    faults: list[str] = []
    check = _checker(faults)
    if stage.is_bare:  # it is polled meanwhile, so the seed cannot check itself
        seed = stage.blog.lab.seed()
    elif number % 2 == 0:
        with _sweeping(stage.blog):
            seed = stage.blog.lab.seed()
    else:
        seed = stage.blog.lab.seed()
        check(seed["exit"] == 0, f"the seed's own checks: {seed.get('checks', seed)}")
    post = seed["post"]
    post_id, link = int(post["id"]), str(post["url"])
    try:
        wait_for(lambda: _is_decided(stage, post_id), "four verdicts")
        statuses = stage.blog.statuses(post_id)
        check(list(statuses.values()) == EXPECTED, f"statuses are {statuses}")
        _check_public_page(link, seed, check)
        _check_reasons(stage, list(statuses), check)
    except (TimeoutError, LookupError, httpx.HTTPError) as error:
        statuses = stage.blog.statuses(post_id)
        check(False, f"{type(error).__name__}: {error}")  # noqa: FBT003
    return Outcome(list(statuses.values()), time.monotonic() - started, faults)


def _checker(faults: list[str]) -> Callable[[object, str], None]:
    def check(is_so: object, otherwise: str) -> None:
        if not is_so:
            faults.append(otherwise)

    return check


def _is_decided(stage: Stage, post_id: int) -> bool:
    if not stage.is_bare:
        stage.blog.cron()
    found = stage.blog.statuses(post_id)
    return len(found) == len(EXPECTED) and "unapproved" not in found.values()


def _check_public_page(
    link: str, seed: dict[str, Json], check: Callable[[object, str], None]
) -> None:
    """A visitor sees one pingback: the earliest."""
    shown = PINGBACK.findall(httpx.get(link, timeout=60).text)
    check(len(shown) == 1, f"the public page shows {len(shown)} pingbacks")
    sources = seed["sources"]
    check(shown and str(sources[0]) in shown[0], "what is shown is not the earliest")


def _check_reasons(
    stage: Stage, comment_ids: list[int], check: Callable[[object, str], None]
) -> None:
    """The dashboard's page of each discarded one says why, and of which one it is a copy."""
    earliest, *copies, own = (stage.view(comment_id) for comment_id in comment_ids)
    for copy in copies:
        page = stage.moderator.get(f"/submissions/{copy['id']}").text
        check(copy["duplicate_of"] == earliest["id"], f"a copy of {copy['duplicate_of']}")
        check("A copy of" in text_of(page), "the dashboard does not say that it is a copy")
        check(f"/submissions/{earliest['id']}" in page, "the dashboard does not link the earliest")
        _check_reason_is_shown(copy, page, check)
    page = stage.moderator.get(f"/submissions/{own['id']}").text
    check(not own["duplicate_of"], "the self-ping is called a copy")
    _check_reason_is_shown(own, page, check)


def _check_reason_is_shown(
    view: dict[str, Json], page: str, check: Callable[[object, str], None]
) -> None:
    decision = view["decisions"][-1]["decision"]
    check(decision["verdict"] == "discard", f"the verdict is {decision['verdict']}")
    first = decision["reasons"][0]
    reason = Reason(first["code"], first["text"], evidence=first["evidence"])
    words = catalogue("en").pgettext("reason", reason.key) or reason.text
    check(words in text_of(page), f"the dashboard does not show: {words}")


@contextmanager
def _sweeping(blog: Blog) -> Iterator[None]:
    """Sweep over and over beside what happens; not by wp-cron, which loses events when it races."""
    enough = threading.Event()

    def sweep() -> None:
        while not enough.wait(0.1):
            blog.ask(r"\Moderator_Bridge\sweep")

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def show(number: int, outcome: Outcome) -> Outcome:
    word = "ok" if not outcome.faults else "; ".join(outcome.faults)
    print(
        f"run {number:2}  {' '.join(outcome.statuses):40}  {outcome.seconds:5.1f} s  {word}",
        flush=True,
    )
    return outcome


if __name__ == "__main__":
    sys.exit(main())
