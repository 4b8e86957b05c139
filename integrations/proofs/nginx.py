"""Debian's nginx, unpacked: its examples as they stand, with folders of a proof's own."""

import os
from pathlib import Path

PACKAGES = ("nginx", "nginx-common")
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def whole(example: str, place: Path) -> str:
    """A configuration with `example` in its `http` part, that writes below `place` only."""
    temporary = " ".join(f"{name}_temp_path {place}/{name};" for name in FOLDERS)
    owner = "user nobody nogroup;" if os.geteuid() == 0 else ""
    return (
        f"daemon off; pid {place}/nginx.pid; error_log stderr; {owner}\nevents {{}}\n"
        f"http {{ access_log {place}/access.log; {temporary}\n{example}\n}}\n"
    )


def command(root: Path, place: Path, config: Path) -> list[str]:
    return [str(root / "usr/sbin/nginx"), "-e", "stderr", "-p", str(place), "-c", str(config)]
