"""Three machines on one: network namespaces on a bridge, each with its own address and name."""

import os
import subprocess
from collections.abc import Sequence
from typing import Self

from integrations.proofs.ground import ProofError

NET = "10.201.77"
HOME = f"{NET}.1"  # of what all hosts share, in the namespace that this runs in


def ip(*words: str, must: bool = True) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if must and done.returncode:
        raise ProofError(f"ip {' '.join(words)}: {done.stderr.strip()}")


class Network:
    """`with Network(("a", "b")) as network`: a bridge, and a namespace per name. Needs root."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.tag = f"m{os.getpid() % 100_000}"
        self.bridge = f"{self.tag}br"

    def address(self, name: str) -> str:
        return f"{NET}.{11 + self.names.index(name)}"

    def inside(self, name: str, command: Sequence[str]) -> list[str]:
        """The command line of a process on that host; `hostname` is the host's own."""
        script = 'hostname "$0" && exec "$@"'
        enter = ["ip", "netns", "exec", self._space(name), "unshare", "--uts", "sh", "-c", script]
        return [*enter, f"host-{name}", *command]

    def cut(self, name: str) -> None:
        ip("link", "set", self._link(name), "down")

    def join(self, name: str) -> None:
        ip("link", "set", self._link(name), "up")

    def _space(self, name: str) -> str:
        return f"{self.tag}{name}"

    def _link(self, name: str) -> str:
        return f"{self.tag}{name}o"

    def __enter__(self) -> Self:
        ip("link", "add", self.bridge, "type", "bridge")
        ip("addr", "add", f"{HOME}/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")
        for name in self.names:
            space, outer, inner = self._space(name), self._link(name), f"{self.tag}{name}i"
            ip("netns", "add", space)
            ip("link", "add", outer, "type", "veth", "peer", "name", inner)
            ip("link", "set", outer, "master", self.bridge, "up")
            ip("link", "set", inner, "netns", space)
            ip("-n", space, "addr", "add", f"{self.address(name)}/24", "dev", inner)
            ip("-n", space, "link", "set", inner, "up")
            ip("-n", space, "link", "set", "lo", "up")
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.names:
            ip("netns", "del", self._space(name), must=False)
            ip("link", "del", self._link(name), must=False)
        ip("link", "del", self.bridge, must=False)
