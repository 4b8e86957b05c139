"""A socket shim: whatever the code under test would dial outside loopback fails here."""

import sys

LOOPBACK = ("127.", "::1")
outside: list[str] = []


def stay_inside() -> None:
    """From now on this process reaches loopback only; what it tried is in `outside`."""
    sys.addaudithook(_judge)


def _judge(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            outside.append(str(address[0]))
            raise OSError(f"{address[0]} is outside")
