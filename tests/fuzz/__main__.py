"""`make fuzz SEED=1 SECONDS=60`: tries every parser for its share of the time; ends with it.

Prints a line for each target and for each fault, with the bytes that show it; 1 when there is one.
The same seed begins with the same inputs. What takes long is a fault too: all costs linear time.
"""

import os
import sys
import time
import traceback
from random import Random

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS, Target

SLOW = 2.0  # seconds of processor time for one input of 64 KiB at most
MOST_FAULTS = 5  # of one target that are shown


def main() -> int:
    seed, seconds = int(os.environ.get("SEED") or 1), float(os.environ.get("SECONDS") or 60)
    faults = 0
    for target in TARGETS:
        count, found = run(target, Random(f"{seed} {target.name}"), seconds / len(TARGETS))  # noqa: S311  # noise
        sys.stdout.write(f"{target.name:14} {count:8} inputs, {len(found)} faults\n")
        for fault in found:
            sys.stdout.write(f"FAULT {target.name} {fault}\n")
        sys.stdout.flush()
        faults += len(found)
    sys.stdout.write(f"SEED={seed} faults={faults}\n")
    return 1 if faults else 0


def run(target: Target, random: Random, seconds: float) -> tuple[int, list[str]]:
    """Return how many inputs were tried, and what went wrong."""
    end, count = time.monotonic() + seconds, 0
    found: list[str] = []
    while time.monotonic() < end and len(found) < MOST_FAULTS:
        fault = try_one(target, mutated(target.seeds, random))
        count += 1
        if fault:
            found.append(fault)
    return count, found


def try_one(target: Target, data: bytes) -> str:
    """What is wrong with how a parser takes these bytes; '' for nothing."""
    began = time.process_time()
    try:
        target.read(data)
    except target.refusals:
        pass
    except Exception as error:  # noqa: BLE001  # a fault is whatever nobody meant
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {where.name}:{where.lineno}: {data[:400]!r}"
    taken = time.process_time() - began
    return f"took {taken:.1f} s: {data[:400]!r}" if taken > SLOW else ""


if __name__ == "__main__":
    sys.exit(main())
