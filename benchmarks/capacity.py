"""What a rate of submissions needs, from what one costs: the tables of docs/scaling.md.

Costs are those of `make bench-footprint` (POST to callback on PostgreSQL, every part on one busy
machine); `python -m benchmarks.capacity` prints the tables, and a test holds them to the page.
"""

import math
from dataclasses import dataclass

SECONDS_A_DAY = 86_400
KEPT_DAYS = 30  # for which what was judged is kept, in the tables
FULL = 0.6  # of a core that may be planned with: the rest is for bursts
PEAK_TO_MEAN = 5  # a day's busiest minute against its mean
NEAR_DAYS = 14  # that Redis remembers a text
POOL = 16  # connections that a process may open


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one submission, from POST to callback: microseconds of CPU and bytes; MB of a process."""

    web_us: int = 1_350
    worker_us: int = 2_500
    postgres_us: int = 1_650
    redis_us: int = 115
    wal_bytes: int = 40_000
    stored_bytes: int = 19_200  # tables and indexes
    redis_bytes: int = 3_050
    web_mb: int = 95
    worker_mb: int = 130

    @property
    def all_us(self) -> int:
        return self.web_us + self.worker_us + self.postgres_us + self.redis_us


@dataclass(frozen=True, slots=True)
class Needs:
    """`rate` is submissions a second in the busiest minute; what is kept goes by the day's mean."""

    rate: int
    web: int  # processes, a core each at most
    worker: int
    postgres: int  # cores
    redis: float  # of the one core that it has
    wal_mb: float  # a second
    disk_gb: float
    memory_gb: float  # of web and workers
    near_gb: float  # of Redis
    connections: int

    @property
    def hosts(self) -> int:
        """Of two cores each, for web and workers."""
        return math.ceil((self.web + self.worker) / 2)


def needs(rate: int, costs: Costs = Costs()) -> Needs:  # frozen
    def cores(microseconds: int) -> float:
        return rate * microseconds / 1e6 / FULL

    web, worker = math.ceil(cores(costs.web_us)), math.ceil(cores(costs.worker_us))
    a_day = rate / PEAK_TO_MEAN * SECONDS_A_DAY
    return Needs(
        rate=rate,
        web=web,
        worker=worker,
        postgres=math.ceil(cores(costs.postgres_us)),
        redis=rate * costs.redis_us / 1e6,
        wal_mb=rate * costs.wal_bytes / 1e6,
        disk_gb=a_day * KEPT_DAYS * costs.stored_bytes / 1e9,
        memory_gb=(web * costs.web_mb + worker * costs.worker_mb) / 1e3,
        near_gb=a_day * NEAR_DAYS * costs.redis_bytes / 1e9,
        connections=(web + worker) * POOL,
    )


def peak(cores: int = 2, costs: Costs = Costs()) -> int:  # frozen
    """Submissions a second at which everything on one machine of so many cores has no time left."""
    return int(cores * 1e6 / costs.all_us)


def rates() -> tuple[int, ...]:
    """A thousand a minute; then the peak of two cores, and ten, a hundred, a thousand times it."""
    return (17, *(peak() * times for times in (1, 10, 100, 1_000)))


def told(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def table() -> str:
    """The needs of rates(), a column each."""
    found = [needs(rate) for rate in rates()]
    names = ("1,000 a minute", "1x", "10x", "100x", "1,000x")
    rows = {
        "submissions a second, busiest minute": [told(each.rate) for each in found],
        "… a day, at a fifth of that on the mean": [
            told(each.rate / PEAK_TO_MEAN * SECONDS_A_DAY) for each in found
        ],
        "web processes": [told(each.web) for each in found],
        "worker processes": [told(each.worker) for each in found],
        "hosts of two cores for these": [told(each.hosts) for each in found],
        "… their memory, GB": [told(each.memory_gb) for each in found],
        "PostgreSQL, cores": [told(each.postgres) for each in found],
        "… write-ahead log, MB a second": [told(each.wal_mb) for each in found],
        "… connections at most": [told(each.connections) for each in found],
        f"… disk for {KEPT_DAYS} days, GB": [told(each.disk_gb) for each in found],
        "Redis, share of its one core": [told(each.redis) for each in found],
        "… near copies of 14 days, GB": [told(each.near_gb) for each in found],
    }
    head = f"| | {' | '.join(names)} |\n|---|{'---:|' * len(names)}\n"
    return head + "\n".join(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())


def cost_table(costs: Costs = Costs()) -> str:  # frozen
    rows = {
        "web": f"{costs.web_us:,} µs",
        "worker": f"{costs.worker_us:,} µs",
        "PostgreSQL": f"{costs.postgres_us:,} µs",
        "Redis": f"{costs.redis_us:,} µs",
        "all": f"{costs.all_us:,} µs",
        "write-ahead log": f"{costs.wal_bytes:,} bytes",
        "tables and indexes": f"{costs.stored_bytes:,} bytes",
        "Redis, for 14 days": f"{costs.redis_bytes:,} bytes",
    }
    return "| of one submission | |\n|---|---:|\n" + "\n".join(
        f"| {name} | {value} |" for name, value in rows.items()
    )


if __name__ == "__main__":
    print(cost_table(), table(), sep="\n\n")
