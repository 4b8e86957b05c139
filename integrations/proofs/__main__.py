"""All proofs, one after another, each in a line: `make proofs`, or ONLY="tls prefix" of them.

What a proof says is shown when it fails, or with VERBOSE=1. Ends with 1 when one fails.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
# Each starts from nothing: a fresh folder, servers of its own, packages from their registries.
PROOFS = {
    "wheel": "wheel.sh",
    "honcho": "honcho.sh",
    "backup": "backup.sh",
    "upgrade": "integrations.proofs.upgrade",
    "tls": "integrations.proofs.tls",
    "prefix": "integrations.proofs.prefix",
    "deploy": "integrations.proofs.deploy",
    "hosts": "integrations.proofs.hosts",
}
LIMIT = 900  # seconds of one


def command(name: str) -> list[str]:
    how = PROOFS[name]
    return ["bash", str(HERE / how)] if how.endswith(".sh") else [sys.executable, "-m", how]


def shown(name: str) -> bool:
    """Run one, and say in a line what it showed."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603  # our own programs
        command(name), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=LIMIT, env={**os.environ, "PYTHON": sys.executable},
    )  # fmt: skip
    took, is_right = time.monotonic() - began, done.returncode == 0
    lines = done.stdout.strip().splitlines() or [""]
    steps = sum(line.startswith("- ") for line in lines)
    what = f"{steps} steps" if is_right else f"FAILED with {done.returncode}: {lines[-1][:200]}"
    print(f"{name:8} {took:4.0f} s  {what}", flush=True)
    if not is_right or os.environ.get("VERBOSE"):
        print(*(f"         {line}" for line in lines), sep="\n", flush=True)
    return is_right


def main() -> int:
    wanted = os.environ.get("ONLY", "").split() or list(PROOFS)
    if unknown := sorted(set(wanted) - PROOFS.keys()):
        sys.stderr.write(f"There are no proofs {', '.join(unknown)}: {', '.join(PROOFS)}\n")
        return 2
    failed = [name for name in wanted if not shown(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
