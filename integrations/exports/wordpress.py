"""WordPress, where the lab is (WPLAB names it): its own exporter, over comments of every kind."""

import base64
from pathlib import Path

from integrations.wordpress.e2e.blogs import LAB, running_lab

INSIDE = Path(__file__).with_name("wordpress.php")
ALICE = "Alice <alice@example.org> https://alice.example.org/ 192.0.2.10"
LINES = (
    f"approved blog comment 'It was <em>finished</em> in 1911. ]]> & more' {ALICE}",
    "approved blog reply 'No, in 1912.' signed in",
    f"hold rule comment 'Has anybody been there since?' {ALICE}",
    f"approved blog reply 'What lamp?' {ALICE}",
    f"trash blog comment 'Thrown away' {ALICE}",
    (
        "approved blog pingback '[&#8230;] about tea [&#8230;]' A page & more <>"
        " https://far.example.org/?a=1&b=2 192.0.2.10"
    ),
    (
        "approved blog trackback '<strong>Its title</strong>\\n\\nIts words' Far away"
        " <alice@example.org> https://alice.example.org/ 192.0.2.10"
    ),
    "passed over: a note of a program, no comment",
    f"approved blog comment 'Before 5.5' {ALICE}",
    (
        "approved blog comment 'By a plugin' Tea & Co <alice@example.org>"
        " https://a.example.org/?a=1&b=2 192.0.2.10"
    ),
    f"approved blog webmention 'linked' {ALICE}",
    f"trash rule comment 'Under a post that goes' {ALICE}",
)


def has_lab() -> bool:
    return (LAB / "up.sh").exists()


def write(path: Path) -> None:
    """Bring the lab up, fill its first blog anew, and have it exported."""
    with running_lab() as lab:
        setup = f'require_once "{INSIDE}";'
        written = lab.php("a", "echo json_encode(exports_written());", setup=setup)
    path.write_bytes(base64.b64decode(str(written)))
