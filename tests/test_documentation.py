"""What an operator can read about is all there is."""

import re
from pathlib import Path

from moderator.checks import LOCAL, REMOTE

CONCEPTS = Path(__file__).parents[1] / "docs" / "concepts.md"


def test_every_check_is_documented_and_every_documented_check_exists() -> None:
    section = CONCEPTS.read_text(encoding="utf-8").partition("\n## Checks\n")[2]
    rows = re.findall(r"^\| `(\w+)` \|", section.partition("\n## ")[0], re.MULTILINE)
    assert rows == [check.name for check in LOCAL] + [check.name for check in REMOTE]
