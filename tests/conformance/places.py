"""Finds the suites, which lie outside the checkout, and reads their cases."""

import json
import os
from pathlib import Path

VARIABLE = "CONFORMANCE_DIR"


def suites() -> Path | None:
    """The folder of the suites: $CONFORMANCE_DIR, else ../shared/conformance by the checkout."""
    checkout = Path(__file__).resolve().parents[2]
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else checkout.parent / "shared" / "conformance"
    return folder if folder.is_dir() else None


def read_cases(path: Path) -> list[dict[str, object]]:
    lines = path.read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]
