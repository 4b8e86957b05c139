"""`make cases`: how many cases of each kind come out as wanted.

Usage: python -m benchmarks.cases [FOLDER] [KIND ...]. The folder holds reports.jsonl and
judgement.jsonl; without it nothing is tried, and the program says so. VERBOSE=1 prints what is
wrong: got, want, why. 1 if any is wrong, or says something in words that the runner does not know.
"""

import json
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.cases.doors import judged, run
from benchmarks.cases.outcome import Outcome, UnknownFormError
from benchmarks.cases.service import Stock
from benchmarks.cases.wants import is_as_wanted

ROOT = Path(__file__).resolve().parents[2]
FILES = ("reports.jsonl", "judgement.jsonl")

Case = Mapping[str, Any]


def read(folder: Path, kinds: list[str]) -> Iterator[Case]:
    for name in FILES:
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in filter(None, lines):
            case = json.loads(line)
            if not kinds or case["kind"] in kinds:
                yield case


def outcome_of(case: Case, stock: Stock) -> Outcome:
    """Raises UnknownFormError."""
    given = case["input"]
    if isinstance(given, list):
        return judged(given, case)
    with stock.service() as service:
        declared = {name: case.get(name, "") for name in ("lang", "mode")}
        service.choose(**declared)
        return run({**declared, **given}, service)


def tried(case: Case, stock: Stock) -> tuple[bool, str]:
    """Whether a case comes out as wanted, and what was got. Whatever breaks is wrong, and said."""
    try:
        outcome = outcome_of(case, stock)
        return is_as_wanted(case["want"], outcome), str(outcome)
    except UnknownFormError as error:
        return False, f"UNKNOWN FORM {error}"
    except Exception:  # noqa: BLE001  # the other cases are tried all the same
        return False, traceback.format_exc()


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared" / "cases")
    if not any((folder / name).exists() for name in FILES):
        print(f"SKIPPED: there are no cases in {folder}; CASES names their folder")
        return 0
    is_verbose = bool(os.environ.get("VERBOSE"))
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    unknown = []
    with Stock() as stock:
        for case in read(folder, sys.argv[2:]):
            is_right, got = tried(case, stock)
            total[case["kind"]] += 1
            right[case["kind"]] += is_right
            unknown += [f"{case['id']}: {got}"] if got.startswith("UNKNOWN FORM") else []
            if is_verbose and not is_right:
                print(f"WRONG {case['kind']} {case['id']}")
                print(
                    f"  got  {got}\n  want {case['want']}\n  why  {case.get('why', '')}", flush=True
                )
    for kind, count in total.items():
        print(f"{kind} {right[kind]}/{count}")
    for line in unknown:
        print(line)
    print(f"total {right.total()}/{total.total()}")
    return 0 if right.total() == total.total() else 1


if __name__ == "__main__":
    sys.exit(main())
