"""`make chaos`: seeded faults against the real service, and books that are compared at the end.

STORE (sqlite, postgresql), SEED, DURATION (seconds of the run, drain included, start-up not) and
FAULTS (kinds, or all) say what is run. The last line is JSON; 0 means that every promise held.
"""

import os
import signal
import sys
from types import FrameType

from integrations.chaos.faults import all_kinds
from integrations.chaos.options import UsageError, read
from integrations.chaos.run import run


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)  # whatever was started is ended on the way out


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    kinds = all_kinds()
    try:
        options = read(os.environ, {kind.name: kind.needs for kind in kinds})
        found = run(options, [kind for kind in kinds if kind.name in options.faults])
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    found.show()
    return 0 if found.is_kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
