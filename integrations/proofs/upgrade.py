"""A database of the first version, written by that version's own code, brought up by today's wheel.

Takes the first version from the history of the checkout (its code runs with today's libraries),
lets it take and judge comments on SQLite and on PostgreSQL, with one comment that it took and did
not judge any more, and a callback that nobody took. Then the wheel of this checkout upgrades it: a
key of then, a comment of then and a log-in link of then must still count, and what waited is done.
`python -m integrations.proofs.upgrade`
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from integrations.proofs.ground import (
    COMMANDS,
    PYTHON,
    ROOT,
    Processes,
    ProofError,
    answers,
    ask,
    event,
    folder,
    free_port,
    judged,
    moderator,
    proof,
    step,
    wait_until,
)
from integrations.proofs.postgres import Postgres
from integrations.proofs.traffic import Blog

FIRST = "e347d9d"  # the first version whose tables were never changed but by a migration
COMMENTS = 12


@dataclass(frozen=True, slots=True)
class Then:
    """What the first version left: a key, a log-in link, statuses by the blog's ids, what waits."""

    key: str
    welcome: str
    statuses: dict[str, str]
    waiting: str


def tree_of(revision: str, place: Path) -> Path:
    packed = subprocess.run(  # noqa: S603  # S603, S607: git of the checkout
        ["git", "archive", revision], cwd=ROOT, capture_output=True, check=False,  # noqa: S607
    )  # fmt: skip
    if packed.returncode:
        raise ProofError(f"the history of this checkout does not go back to {revision}")
    place.mkdir()
    subprocess.run(["tar", "x"], cwd=place, input=packed.stdout, check=True)  # noqa: S607
    return place


def wheel_of_today(place: Path) -> Path:
    """The wheel of this checkout, unpacked alone: nothing of the checkout is imported."""
    build = [PYTHON, "-m", "pip", "-q", "wheel", "--no-deps", "--no-build-isolation", "-w",
             str(place / "dist"), str(ROOT)]  # fmt: skip
    subprocess.run(build, check=True, capture_output=True)  # noqa: S603
    [wheel] = (place / "dist").glob("*.whl")
    install = [PYTHON, "-m", "pip", "-q", "install", "--no-deps", "--target",
               str(place / "wheel"), str(wheel)]  # fmt: skip
    subprocess.run(install, check=True, capture_output=True)  # noqa: S603
    return place / "wheel"


def told(words: list[str], environment: dict[str, str], tree: Path) -> str:
    code, shown, trouble = moderator(words, environment, cwd=tree)
    if code:
        raise ProofError(f"{' '.join(words)}: {trouble}")
    return shown


def fill(tree: Path, environment: dict[str, str], processes: Processes, blog: Blog) -> Then:
    """Let the first version work; it ends with one comment that is not judged."""
    told(["db", "upgrade"], environment, tree)
    shown = told(["site", "add", "blog", "--url", "https://blog.example.org/", "--json",
                  "--callback-url", f"http://{blog.place}/verdicts", "--allow", blog.place],
                 environment, tree)  # fmt: skip
    key = str(json.loads(shown)["api_key"])
    invited = told(["admin", "create", "alice", "--site", "blog"], environment, tree)
    [welcome] = re.findall(r"https?://\S*(/welcome/\S+)", invited)
    base = f"http://127.0.0.1:{environment['PORT']}"
    for name in ("web", "sweeper"):
        processes.start(f"then-{name}", COMMANDS[name], environment, cwd=tree)
    wait_until(lambda: answers(f"{base}/healthz"), "the first version answers")
    for number in range(1, COMMENTS + 1):
        sent(base, key, number)
    wait_until(lambda: len(blog.ids()) == COMMENTS, "the first version judges and sends")
    statuses = {str(number): status_of(base, key, number) for number in range(1, COMMENTS + 1)}
    processes.stop("then-sweeper")
    waiting = sent(base, key, COMMENTS + 1)
    processes.stop("then-web")
    return Then(key, welcome, statuses, waiting)


def sent(base: str, key: str, number: int) -> str:
    body = event(number, "blog")
    status, answer = ask(f"{base}/v1/submissions", key, body)
    if status != 202:
        raise ProofError(f"not taken: {status} {answer[:300]!r}")
    return str(json.loads(answer)["id"])


def status_of(base: str, key: str, number: int) -> str:
    status, answer = ask(f"{base}/v1/submissions/find?platform_id={number}", key)
    if status != 200:
        raise ProofError(f"comment {number}: {status} {answer[:300]!r}")
    return str(json.loads(answer)["status"])


def goes_on(
    tree: Path, environment: dict[str, str], processes: Processes, blog: Blog, then: Then
) -> None:
    """Today's version, over what the first one left."""
    code, shown, _ = moderator(["doctor"], environment, cwd=tree)
    if code != 1 or "db upgrade" not in shown:
        raise ProofError(f"doctor before the upgrade: {code} {shown}")
    told(["db", "upgrade"], environment, tree)
    base = f"http://127.0.0.1:{environment['PORT']}"
    for name in ("web", "sweeper"):
        processes.start(f"now-{name}", COMMANDS[name], environment, cwd=tree)
    wait_until(lambda: answers(f"{base}/readyz"), "today's version answers")
    found = {number: status_of(base, then.key, int(number)) for number in then.statuses}
    if found != then.statuses:
        raise ProofError(f"statuses: {then.statuses} became {found}")
    wait_until(lambda: f"msg_{then.waiting}-1" in blog.ids(), "what waited is judged and sent")
    if len(blog.got) != COMMENTS + 1:
        raise ProofError(f"{len(blog.got)} callbacks for {COMMENTS + 1} verdicts")
    if ask(f"{base}{then.welcome}")[0] != 200:
        raise ProofError("the log-in link of then does not count")
    judged(base, then.key, 99, "blog")
    code, shown, _ = moderator(["doctor"], environment, cwd=tree)
    if code or "fail" in shown:
        raise ProofError(f"doctor: {shown}")
    for name in ("web", "sweeper"):
        processes.stop(f"now-{name}")


def on(what: str, url: str, place: Path, trees: tuple[Path, Path], processes: Processes) -> None:
    first, today = trees
    with Blog("127.0.0.1") as blog:
        environment = {
            **os.environ, "DATABASE_URL": url, "PORT": str(free_port()), "GRACE_SECONDS": "0",
            "DATA_DIR": str(place / what), "REDIS_URL": "",
        }  # fmt: skip
        then = fill(first, environment | {"PYTHONPATH": str(first)}, processes, blog)
        goes_on(today, environment | {"PYTHONPATH": str(today)}, processes, blog, then)
    step(f"{what}: {COMMENTS} comments as they were, one judged that waited, key and link count")


def run() -> None:
    with folder() as place, Processes(place) as processes:
        trees = tree_of(FIRST, place / "first"), wheel_of_today(place)
        step(f"the first version ({FIRST}), and the wheel of today")
        (place / "sqlite").mkdir()
        on("sqlite", f"sqlite:///{place / 'sqlite' / 'then.db'}", place, trees, processes)
        server = Postgres(place, processes)
        server.start()
        on("postgresql", server.url(), place, trees, processes)


if __name__ == "__main__":
    raise SystemExit(proof(run))
