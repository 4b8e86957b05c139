"""The list of linkback protocols is one: the pages and the plugin name those in it, once."""

import re
from pathlib import Path

from moderator import intake

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "integrations" / "wordpress" / "moderator-bridge"
NAMES = [str(protocol.KIND) for protocol in intake.linkback.LINKBACK_PROTOCOLS]
ANY = "|".join(NAMES)
LIST = re.compile(rf"(?:{ANY})\W{{1,4}}(?:{ANY})\b")


def test_every_file_of_the_folder_that_is_a_protocol_is_in_the_list() -> None:
    files = {path.stem for path in (ROOT / "moderator/intake/linkback").glob("*.py")}
    assert files - {"__init__", "claims", "forms"} == set(NAMES)


def test_the_tables_of_the_documentation_have_a_place_for_each() -> None:
    page = (ROOT / "docs" / "linkbacks.md").read_text()
    first_cells = re.findall(r"^\| (\w+) \| .*/doors/demo/(\w+)", page, re.MULTILINE)
    assert [name for _, name in first_cells] == NAMES
    assert [cell.lower() for cell, _ in first_cells] == NAMES
    [answers] = re.findall(r"^\| \| (.+) \|$", page, re.MULTILINE)
    assert answers.lower().split(" | ") == NAMES


def test_the_interface_names_every_kind() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    [line] = re.findall(r"^- `comment\.type` is (.+?)\.", page, re.MULTILINE)
    assert re.findall(r"`(\w+)`", line) == list(intake.kinds())


def test_the_plugin_knows_the_same_in_one_place() -> None:
    main = (PLUGIN / "moderator-bridge.php").read_text()
    [listed] = re.findall(r"^const LINKBACKS = array\( (.+) \);", main, re.MULTILINE)
    assert re.findall(r"'(\w+)'", listed) == NAMES
    places = [path.name for path in PLUGIN.rglob("*.php") if LIST.search(path.read_text())]
    assert places == ["moderator-bridge.php"]


def test_nothing_else_lists_them() -> None:
    files = [*(ROOT / "moderator").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]
    places = [str(path.relative_to(ROOT)) for path in files if LIST.search(path.read_text())]
    assert places == ["moderator/intake/linkback/__init__.py"]
