"""Finds the suites, which lie outside the checkout, and reads their cases."""

import json
import os
from pathlib import Path

from tests.shared import find_shared

VARIABLE = "CONFORMANCE_DIR"


def suites() -> Path | None:
    """The folder of the suites: $CONFORMANCE_DIR, else `conformance` of the shared folder."""
    named = os.environ.get(VARIABLE)
    folder = Path(named) if named else find_shared("conformance")
    return folder if folder is not None and folder.is_dir() else None


def read_cases(path: Path) -> list[dict[str, object]]:
    lines = path.read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]
