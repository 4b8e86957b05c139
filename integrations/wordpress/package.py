"""Packs the plugin as WordPress takes it: from the same files the same bytes, whoever packs."""

import re
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PLUGIN = Path(__file__).parent / "moderator-bridge"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can tell
READABLE = 0o100644 << 16  # a plain file, for all to read
LEFT_OUT = re.compile(r"(?:^|/)\.|~$|\.(?:orig|rej|swp)$")


def version() -> str:
    """As the plugin's header says. Raises ValueError when its other places say another."""
    main = (PLUGIN / "moderator-bridge.php").read_text()
    readme = (PLUGIN / "readme.txt").read_text()
    told: set[str] = {
        *re.findall(r"^ \* Version: +(\S+)$", main, re.MULTILINE),
        *re.findall(r"^const VERSION +?= '(\S+)';", main, re.MULTILINE),
        *re.findall(r"^Stable tag: (\S+)$", readme, re.MULTILINE),
    }
    if len(told) != 1:
        raise ValueError(f"The plugin has not one version: {', '.join(sorted(told))}")
    return told.pop()


def pack(folder: Path) -> Path:
    """Write `moderator-bridge-VERSION.zip` there; return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PLUGIN.name}-{version()}.zip"
    files = sorted(path for path in PLUGIN.rglob("*") if path.is_file())
    with ZipFile(target, "w") as archive:
        for path in files:
            name = path.relative_to(PLUGIN).as_posix()
            if LEFT_OUT.search(name):
                continue
            entry = ZipInfo(f"{PLUGIN.name}/{name}", LONG_AGO)
            entry.create_system, entry.external_attr = 3, READABLE
            archive.writestr(entry, path.read_bytes(), ZIP_DEFLATED, 9)
    return target


if __name__ == "__main__":
    print(pack(Path(sys.argv[1] if len(sys.argv) > 1 else "var")))
