"""A real Chromium, driven through its debugging pipe: no driver, no socket, no extra library."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-default-apps", "--hide-scrollbars", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--remote-debugging-pipe",
)  # fmt: skip

# The browser reads commands from descriptor 3 and answers on descriptor 4.
STARTER = """
import fcntl, os, sys
commands, answers = (fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3])
os.dup2(commands, 3)
os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def program() -> str | None:
    """The browser of this machine; None when there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@dataclass
class Chromium:
    """One browser with one tab. `requests` are the addresses it asked for since `forget()`."""

    executable: str
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    _buffer: bytes = b""
    _number: int = 0
    _session: str = ""
    _events: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory(
            prefix="moderator-chromium-", ignore_cleanup_errors=True
        )
        to_read, self._out = os.pipe()
        self._in, to_write = os.pipe()

        command = [sys.executable, "-c", STARTER, str(to_read), str(to_write), self.executable,
                   *FLAGS, f"--user-data-dir={self._home.name}"]  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603  # a browser found on PATH
            command,
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._home.cleanup()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
        """Send one command of the DevTools protocol and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            got = os.read(self._in, 1 << 16)
            if not got:
                raise EOFError("the browser is gone")
            self._buffer += got
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        elif message.get("method") == "Page.javascriptDialogOpening":
            self.dialogs.append(message["params"]["message"])
        self._events.append(message)
        return message

    def forget(self) -> None:
        self.requests.clear()
        self.dialogs.clear()

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._events.clear()
        self.call("Page.navigate", url=url)
        self._wait_for_page()

    def leave(self, script: str) -> None:
        """Do something that leads to another page, and wait until that is loaded."""
        self._events.clear()
        self.call("Runtime.evaluate", expression=script)
        self._wait_for_page()

    def press(self, key: str) -> None:
        """Press a key that leads to another page."""
        self._events.clear()
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        self._wait_for_page()

    def tap(self, key: str, *, shift: bool = False) -> None:
        """Press a key and wait for nothing."""
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        modifiers = 8 if shift else 0
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=text, modifiers=modifiers)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, modifiers=modifiers)

    def until(self, script: str) -> None:
        """Wait until an expression is true in the page, looked at before every frame."""
        found = self.run(
            f"new Promise(done => {{ const end = performance.now() + 20000; const look = () =>"
            f" ({script}) ? done(true) : performance.now() > end ? done(false)"
            " : setTimeout(look, 5);"
            " look(); })"
        )
        assert found is True, f"never became true: {script}"

    def _wait_for_page(self) -> None:
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._next()

    def run(self, script: str) -> Any:  # noqa: ANN401  # whatever the page says
        """Evaluate an expression in the page and return its value."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return answer["result"].get("value")

    def look(self, width: int, height: int, *, is_dark: bool = False) -> None:
        """Choose the size of the window and the colour scheme."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def picture(self, path: Path) -> None:
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)
        path.write_bytes(base64.b64decode(shot["data"]))
