"""Three hosts over one PostgreSQL and one Redis: one is cut off, one paused, and nothing is lost.

Each host is a network namespace with an address and a host name of its own, and runs web, worker
and sweeper; nothing but leases coordinates them. Blogs send to all the while. The second host loses
its link while it holds leases of callbacks; then the third is stopped with its link down while it
holds leases of submissions, as a machine is that was paused. What they held is taken over, and what
they write afterwards is refused. Last, what the blogs know is compared with the database and with
the callbacks, and a line of JSON is printed. Needs root, `ip` and `unshare`; three minutes.
`python -m integrations.proofs.hosts`
"""

import json
import os
import signal
import time
from pathlib import Path

from integrations.proofs.comparison import CLIENTS, HOSTS, MUST, Ground, count, undisturbed
from integrations.proofs.ground import (
    COMMANDS,
    Processes,
    ProofError,
    answers,
    folder,
    free_port,
    moderator,
    proof,
    step,
    wait_until,
)
from integrations.proofs.network import HOME, Network
from integrations.proofs.postgres import Postgres
from integrations.proofs.traffic import Blog, Client, Ledger
from moderator.clients.redis.program import redis_command

PAUSE = 0.25  # seconds between two comments of one client
LEASE_OF_CALLBACKS, LEASE_OF_CHECKS = 45.0, 30.0  # seconds: domain/queue.py
STILL = 8  # seconds after which no other host has a batch that it had then
LOGGED = "log_statement = 'mod'\nlog_line_prefix = '%m %h '\n"  # with parameters: tokens are seen
HELD = "SELECT id, token, subject_id FROM queue WHERE job = 'check' AND token IS NOT NULL"
Lease = tuple[int, str, str]


def start_hosts(ground: Ground, place: Path, redis_url: str) -> None:
    for host in HOSTS:
        own = {
            **os.environ, "DATABASE_URL": ground.server.url(), "REDIS_URL": redis_url,
            "HOST": ground.network.address(host), "PORT": "8000", "GRACE_SECONDS": "0",
            "DELIVERY_SCHEDULE": "1,2,5,10,20",
            "DATA_DIR": str(place / host), "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        for kind, command in COMMANDS.items():
            inside = ground.network.inside(host, command)
            ground.processes.start(f"{host}-{kind}", inside, own)
    wait_until(
        lambda: all(answers(f"{ground.base(host)}/readyz") for host in HOSTS), "all hosts answer"
    )
    wait_until(lambda: len(beats(ground)) == 3 * len(HOSTS), "all nine processes give signs")
    step(f"signs of life: {', '.join(beats(ground))}")


def beats(ground: Ground) -> list[str]:
    return [str(name) for (name,) in ground.query("SELECT name FROM pulse ORDER BY name")]


def enrol(ground: Ground, environment: dict[str, str]) -> str:
    code, _, trouble = moderator(["db", "upgrade"], environment)
    if code:
        raise ProofError(trouble)
    words = ["site", "add", "blog", "--json", "--url", "https://blog.example.org/",
             "--callback-url", f"http://{ground.blog.place}/verdicts", "--allow",
             ground.blog.place]  # fmt: skip
    code, shown, trouble = moderator(words, environment)
    if code:
        raise ProofError(trouble)
    return str(json.loads(shown)["api_key"])


def send_to_all(ground: Ground, key: str) -> None:
    """Clients of each host, who turn to the next host where theirs does not answer."""
    for place in range(len(HOSTS)):
        order = [*HOSTS[place:], *HOSTS[:place]]
        bases = [(each, ground.base(each)) for each in order]
        for number in range(CLIENTS):
            first = (place * CLIENTS + number + 1) * 1_000_000
            ground.clients.append(Client(bases, key, ground.ledger, first, PAUSE))
    for client in ground.clients:
        client.start()


def cut_off(ground: Ground, host: str) -> None:
    """The link of a host goes while it waits for the answers to callbacks."""
    address = ground.network.address(host)
    ground.blog.slow = address
    wait_until(lambda: len(ground.blog.kept) >= 3, "the host waits for answers to callbacks")
    ground.network.cut(host)
    ground.marks["cut"] = began = time.monotonic()
    with ground.blog.lock:
        kept = set(ground.blog.kept)
    step(f"host {host} is cut off; it waits for the answers to {len(kept)} callbacks")
    wait_until(lambda: kept <= ground.blog.ids(but_from=address), "others send them", 120)
    took = time.monotonic() - began
    step(f"other hosts sent all {len(kept)} again, the last after {took:.0f} s (lease: 45 s)")
    ground.blog.slow = ""
    ground.blog.go_on.set()
    rest_of(began, LEASE_OF_CALLBACKS + 10)
    ground.network.join(host)
    ground.marks["joined"] = began = time.monotonic()
    wait_until(lambda: answers(f"{ground.base(host)}/readyz"), "the host is back")
    wait_until(lambda: works_again(ground, host, began), "the host sends callbacks again")
    step(f"the link is back; the host takes and sends after {time.monotonic() - began:.1f} s")


def works_again(ground: Ground, host: str, since: float) -> bool:
    address = ground.network.address(host)
    with ground.blog.lock:
        heard = any(who == address and when > since for who, when, _, _ in ground.blog.got)
    with ground.ledger.lock:
        return heard and any(one.host == host and one.began > since for one in ground.ledger.sent)


def pause(ground: Ground, host: str) -> None:
    """A whole host stands still with its link down, in the middle of a batch; then it goes on."""
    held = _stopped_with_leases(ground, host)
    ground.network.cut(host)
    ground.marks["paused"] = began = time.monotonic()
    step(f"host {host} stands still; it holds the leases of {len(held)} submissions")
    wait_until(lambda: not leases(ground) & set(held), "others take over what it held", 90)
    took = time.monotonic() - began
    step(f"other hosts took all of them over, the last after {STILL + took:.0f} s (lease: 30 s)")
    ground.late |= {(row, token) for row, token, _ in held}
    rest_of(began, LEASE_OF_CHECKS + 5)
    ground.network.join(host)
    ground.marks["resumed"] = began = time.monotonic()
    ground.logged = len(ground.processes.log("postgres"))
    signal_all(ground, host, signal.SIGCONT)
    wait_until(lambda: answers(f"{ground.base(host)}/readyz"), "the host is back")
    wait_until(lambda: works_again(ground, host, began), "the host sends callbacks again")
    step(f"the host goes on; it takes and sends after {time.monotonic() - began:.1f} s")


def _stopped_with_leases(ground: Ground, host: str) -> list[Lease]:
    """Stop a host until it happens to hold leases that nobody gives back; return those."""
    for _ in range(200):
        signal_all(ground, host, signal.SIGSTOP)
        held = set() if in_transaction(ground, host) else leases(ground)
        for _ in range(STILL):
            if not held:
                break
            time.sleep(1.0)
            held &= leases(ground)
        if held:
            return sorted(held)
        signal_all(ground, host, signal.SIGCONT)
        time.sleep(0.03)
    raise ProofError(f"host {host} never held a lease when it was stopped")


def leases(ground: Ground) -> set[Lease]:
    return {(int(str(row)), str(token), str(of)) for row, token, of in ground.query(HELD)}


def in_transaction(ground: Ground, host: str) -> bool:
    """Such a session is ended by the server, and nothing late comes of it."""
    asked = ("SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s::inet"
             " AND xact_start IS NOT NULL")  # fmt: skip
    return ground.query(asked, ground.network.address(host))[0][0] != 0


def signal_all(ground: Ground, host: str, which: signal.Signals) -> None:
    for pid in ground.of(host):
        os.killpg(pid, which)


def rest_of(began: float, seconds: float) -> None:
    time.sleep(max(0.0, began + seconds - time.monotonic()))


def drained(ground: Ground) -> bool:
    waiting = "SELECT count(*) FROM queue WHERE job IN ('check', 'reach', 'deliver')"
    return ground.query(waiting)[0][0] == 0


def run() -> None:
    with folder() as place, Network(HOSTS) as network, Processes(place) as processes:
        server = Postgres(place, processes, HOME)
        server.start(LOGGED)
        redis_port = free_port()
        command = redis_command(redis_port, place)
        command[command.index("127.0.0.1")] = HOME
        processes.start("redis", [*command, "--protected-mode", "no"])
        redis_url = f"redis://{HOME}:{redis_port}/0"
        with Blog(HOME) as blog:
            ground = Ground(network, processes, server, blog, Ledger())
            environment = {**os.environ, "DATABASE_URL": server.url(), "REDIS_URL": redis_url}
            key = enrol(ground, environment)
            start_hosts(ground, place, redis_url)
            send_to_all(ground, key)
            time.sleep(15)
            step(f"{len(ground.ledger.sent)} comments taken in 15 s by three hosts")
            cut_off(ground, "b")
            time.sleep(5)
            pause(ground, "c")
            time.sleep(5)
            finish(ground)


def finish(ground: Ground) -> None:
    for client in ground.clients:
        client.stopping.set()
    for client in ground.clients:
        client.join(30)
    try:
        wait_until(lambda: drained(ground), "all is judged and sent", 120)
    except ProofError as error:
        left = "SELECT job, token, attempts, count(*) FROM queue GROUP BY 1, 2, 3 LIMIT 9"
        raise ProofError(f"{error}: {ground.query(left)}") from error
    found = count(ground)
    for must, ok in MUST.items():
        if not ok(found[must]):
            raise ProofError(f"{must}: {json.dumps(found)}")
    print(json.dumps(found | undisturbed(ground)))


if __name__ == "__main__":
    raise SystemExit(proof(run))
