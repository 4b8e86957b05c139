"""The kinds of faults: a file each, or one for what people do, and a line here."""

from integrations.chaos.act import Fault
from integrations.chaos.faults.blog import Blog
from integrations.chaos.faults.clock import Clock
from integrations.chaos.faults.deploy import Deploy
from integrations.chaos.faults.full_disk import FullDisk
from integrations.chaos.faults.half_open import HalfOpen
from integrations.chaos.faults.kill import Kill
from integrations.chaos.faults.people import Events, Moderators
from integrations.chaos.faults.poison import Poison
from integrations.chaos.faults.postgres import Postgres
from integrations.chaos.faults.redis import Redis
from integrations.chaos.faults.slow import Slow
from integrations.chaos.faults.stop import Stop
from integrations.chaos.faults.versions import Versions


def all_kinds() -> tuple[Fault, ...]:
    """New ones for a run: some remember what they did."""
    return (
        Kill(),
        Stop(),
        Redis(),
        Postgres(),
        HalfOpen(),
        FullDisk(),
        Clock(),
        Blog(),
        Moderators(),
        Events(),
        Poison(),
        Deploy(),
        Slow(),
        Versions(),
    )
