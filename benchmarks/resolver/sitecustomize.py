"""Python loads this in each process of a measured service: names under `.test` are on loopback.

So links of comments are really followed, by any commit's code, and nothing leaves the machine.
"""

import socket
from collections.abc import Callable

_ask: Callable[..., object] = socket.getaddrinfo


def _answer(host: object, *rest: object, **named: object) -> object:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    is_ours = isinstance(name, str) and name.endswith(".test")
    return _ask("127.0.0.1" if is_ours else host, *rest, **named)


socket.getaddrinfo = _answer  # type: ignore[assignment]  # whatever it is asked, it passes on
