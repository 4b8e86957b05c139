"""What the blogs know, compared with the database and with the callbacks that came."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import psycopg

from integrations.proofs.ground import COMMANDS, Processes, step
from integrations.proofs.network import Network
from integrations.proofs.postgres import Postgres
from integrations.proofs.traffic import Blog, Client, Ledger, Sent

HOSTS = ("a", "b", "c")
KINDS = tuple(COMMANDS)
CLIENTS = 2  # of each host


@dataclass(slots=True)
class Ground:
    network: Network
    processes: Processes
    server: Postgres
    blog: Blog
    ledger: Ledger
    clients: list[Client] = field(default_factory=list)
    marks: dict[str, float] = field(default_factory=dict)
    logged: int = 0  # of PostgreSQL's log, when the host that had been paused went on
    late: set[tuple[int, str]] = field(default_factory=set)  # leases that were lost

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            return connection.execute(sql, values).fetchall()

    def base(self, host: str) -> str:
        return f"http://{self.network.address(host)}:8000"

    def of(self, host: str) -> list[int]:
        """The processes of a host; what `ip` and `unshare` became."""
        return [self.processes.running[f"{host}-{kind}"].pid for kind in KINDS]


def refused_late_writes(ground: Ground) -> int:
    """How often a lost lease was still brought to the database; PostgreSQL's log has each."""
    tokens = {token for _, token in ground.late}
    log = ground.processes.log("postgres")[ground.logged :]
    fenced = [line for line in log.splitlines() if "DETAIL" in line and "parameters" in line]
    return sum(any(token in line for token in tokens) for line in fenced)


def count(ground: Ground) -> dict[str, object]:
    """What the blogs know, beside what the database and the callbacks say."""
    accepted = {one.id: one for one in ground.ledger.sent}
    rows = ground.query("SELECT s.id, count(d.id) FROM submissions s LEFT JOIN decisions d"
                        " ON d.submission_id = s.id GROUP BY s.id")  # fmt: skip
    decisions = {str(id_): int(str(many)) for id_, many in rows}
    bodies: dict[str, set[bytes]] = {}
    for _, _, id_, body in ground.blog.got:
        bodies.setdefault(id_, set()).add(body)
    wanted = {f"msg_{id_}-1" for id_ in accepted}
    copies = Counter(id_ for _, _, id_, _ in ground.blog.got)
    return {
        "hosts": len(HOSTS),
        "accepted": len(accepted),
        "lost": len(accepted.keys() - decisions.keys()),
        "not_accepted": len(decisions.keys() - accepted.keys()),
        "undecided": sum(many == 0 for many in decisions.values()),
        "double_decided": sum(many > 1 for many in decisions.values()),
        "callbacks_missing": len(wanted - bodies.keys()),
        "callbacks_conflicting": sum(len(each) > 1 for each in bodies.values())
        + len(bodies.keys() - wanted),
        "callbacks_repeated": sum(many - 1 for many in copies.values()),
        "leases_lost": len(ground.late),
        "late_writes_refused": refused_late_writes(ground),
    }


def undisturbed(ground: Ground) -> dict[str, object]:
    """How the clients of hosts that were there fared, before and while another was away."""
    marks = ground.marks
    away = [(marks["cut"], marks["joined"], "b"), (marks["paused"], marks["resumed"], "c")]
    heard: dict[str, float] = {}
    for _, when, id_, _ in ground.blog.got:
        heard.setdefault(id_, when)
    before = [one for one in ground.ledger.sent if one.began < marks["cut"] - 1]
    during = [
        one
        for one in ground.ledger.sent
        for began, ended, gone in away
        if began < one.began < ended and one.number // 1_000_000 not in numbers(gone)
    ]
    said = Counter(one.host for one in during)
    step(f"while one was away the clients of the others sent {len(during)}: {dict(said)}")
    return {
        "failed_tries_elsewhere": sum(one.failed for one in during),
        "intake_p99_ms": {"all": p99(one.seconds for one in before),
                          "one_away": p99(one.seconds for one in during)},
        "callback_p99_ms": {"all": p99(till(one, heard) for one in before),
                            "one_away": p99(till(one, heard) for one in during)},
    }  # fmt: skip


def numbers(host: str) -> range:
    first = HOSTS.index(host) * CLIENTS + 1
    return range(first, first + CLIENTS)


def till(one: Sent, heard: dict[str, float]) -> float:
    return heard.get(f"msg_{one.id}-1", float("inf")) - one.began


def p99(seconds: Iterable[float]) -> float:
    found = sorted(seconds)
    return round(1000 * statistics.quantiles(found, n=100)[98], 1) if len(found) > 1 else 0.0


def _none(value: object) -> bool:
    return value == 0


def _some(value: object) -> bool:
    return isinstance(value, int) and value > 0


MUST: dict[str, Callable[[object], bool]] = {
    "accepted": _some,
    "lost": _none,
    "not_accepted": _none,
    "undecided": _none,
    "double_decided": _none,
    "callbacks_missing": _none,
    "callbacks_conflicting": _none,
    "late_writes_refused": _some,
}
