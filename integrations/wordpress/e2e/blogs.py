"""Two real WordPress blogs on loopback, brought up by the lab, as Python objects."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx

PLUGIN = Path(__file__).parents[1] / "moderator-bridge"
INSIDE = Path(__file__).with_name("inside.php")
LAB = Path(os.environ.get("WPLAB", Path(__file__).parents[4] / "shared" / "wordpress-lab"))
PORT = int(os.environ.get("WPLAB_PORT", "26080"))
HOSTS = {"a": "127.0.0.2", "b": "127.0.0.3"}
FOLDER = Path(os.environ.get("WPLAB_RUN", Path(__file__).parents[3] / "var" / "wordpress-lab"))
USER, PASSWORD = "admin", "lab-admin-pw"  # the lab's own, see its README
WAIT = 60.0
Json = Any  # what a blog or the service answered


class _FromAddress(xmlrpc.client.Transport):
    """Speaks from a chosen loopback address, so that a blog sees different clients."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def make_connection(self, host: object) -> HTTPConnection:
        return HTTPConnection(str(host), source_address=(self._address, 0))


@dataclass(frozen=True, slots=True)
class Lab:
    """The lab's scripts with one folder for everything they make."""

    run: Path

    def is_up(self) -> bool:
        """Whether this lab's own blogs run. Raises RuntimeError when another lab has the port."""
        try:
            os.kill(int((self.run / "pid" / "rec-a").read_text()), 0)
        except (OSError, ValueError):
            with socket.socket() as probe:
                if probe.connect_ex((HOSTS["a"], PORT)) == 0:
                    raise RuntimeError(
                        f"Port {PORT} is taken by another lab: set WPLAB_PORT and WPLAB_PHPPORT"
                    ) from None
            return False
        return True

    def up(self) -> None:
        self.run.mkdir(parents=True, exist_ok=True)
        self._script("up.sh", FLOOD="off", MU="lab-loopback.php")

    def down(self) -> None:
        self._script("down.sh")

    def install_plugin(self, blog: str) -> None:
        target = self.run / blog / "wp-content" / "plugins" / PLUGIN.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(PLUGIN, target)
        self.php(
            blog,
            'echo json_encode(activate_plugin("moderator-bridge/moderator-bridge.php"));',
            setup='require_once ABSPATH . "wp-admin/includes/plugin.php";',
        )

    def configure(self, blog: str, **settings: str) -> None:
        self.ask(blog, "e2e_configure", settings)

    def ask(self, blog: str, function: str, *arguments: object) -> Json:
        """Call a function inside a blog: WordPress' own or one of inside.php."""
        encoded = base64.b64encode(json.dumps(arguments).encode()).decode()
        given = f'...json_decode(base64_decode("{encoded}"), true)'
        setup = f'require_once "{INSIDE}";'
        return self.php(blog, f"echo json_encode({function}({given}));", setup=setup)

    def php(self, blog: str, code: str, *, setup: str = "") -> Json:
        """Run code inside a blog; what it echoes is JSON."""
        done = subprocess.run(  # noqa: S603
            [str(LAB / "bin" / "wp.sh"), blog, setup + code],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def seed(self) -> dict[str, Json]:
        """Rebuild the page with four pingbacks; `exit` is not 0 when one is missing."""
        done = subprocess.run(  # noqa: S603
            ["python3", str(LAB / "scenario" / "seed.py"), "--fast"],  # noqa: S607
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        found = json.loads(done.stdout) if done.stdout.startswith("{") else {"error": done.stderr}
        return {**found, "exit": done.returncode}

    def mails(self) -> list[str]:
        return [path.read_text() for path in sorted((self.run / "mail").glob("*.eml"))]

    def _script(self, name: str, **extra: str) -> None:
        subprocess.run([str(LAB / name)], env={**self._environment(), **extra}, check=True)  # noqa: S603

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "WPLAB_RUN": str(self.run),
            "WPLAB_PORT": str(PORT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@contextmanager
def running_lab() -> Iterator[Lab]:
    """Bring the lab up; leave it running only if it ran before."""
    lab = Lab(FOLDER)
    ran_before = lab.is_up()
    try:
        lab.up()
        yield lab
    finally:
        if not ran_before:
            lab.down()


@dataclass(frozen=True, slots=True)
class Blog:
    lab: Lab
    name: str

    @property
    def host(self) -> str:
        return f"{HOSTS[self.name]}:{PORT}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def ask(self, function: str, *arguments: object) -> Json:
        return self.lab.ask(self.name, function, *arguments)

    def new_post(self, title: str, html: str = "<p>Words.</p>") -> tuple[int, str]:
        content = {
            "post_type": "post",
            "post_status": "publish",
            "post_title": title,
            "post_content": html,
            "comment_status": "open",
            "ping_status": "open",
        }
        rpc = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc.php")
        post_id = rpc.wp.newPost(0, USER, PASSWORD, content)
        post = rpc.wp.getPost(0, USER, PASSWORD, post_id)
        return int(str(post_id)), str(post["link"])  # type: ignore[index,call-overload]

    def comment(self, post_id: int, text: str, **fields: str) -> httpx.Response:
        form = {
            "comment_post_ID": str(post_id),
            "author": "Ana Reader",
            "email": "ana@reader.example",
            "url": "",
            "comment": text,
            "comment_parent": "0",
            **fields,
        }
        return httpx.post(f"{self.url}/wp-comments-post.php", data=form, timeout=60)

    def ping(self, source: str, target: str, address: str = "127.0.0.9") -> str:
        server = xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc.php", transport=_FromAddress(address)
        )
        return str(server.pingback.ping(source, target))

    def cron(self) -> None:
        """Let wp-cron run; the recurring sweep is made due first."""
        self.ask("e2e_make_due")
        httpx.get(f"{self.url}/wp-cron.php?doing_wp_cron", timeout=60).raise_for_status()

    def statuses(self, post_id: int) -> dict[int, str]:
        """Comment id -> WordPress' own status word, in order of id."""
        found = self.ask("e2e_statuses", post_id)
        return {int(key): value for key, value in found.items()}

    def record(self, comment_id: int) -> dict[str, Json]:
        found = self.ask("get_comment_meta", comment_id, "_moderator_bridge", True)  # noqa: FBT003
        return found if isinstance(found, dict) else {}

    def unsent(self) -> int:
        waiting = self.ask(r"\Moderator_Bridge\waiting")
        return int(waiting["count"])

    def admin(self, user: str = USER, password: str = PASSWORD) -> httpx.Client:
        """A logged-in browser."""
        client = new_browser(self.url)
        client.get("/wp-login.php")
        form = {"log": user, "pwd": password, "testcookie": "1"}
        page = client.post("/wp-login.php", data=form)
        if "wp-admin" not in str(page.url):
            raise RuntimeError("The lab's user could not log in")
        return client


def new_browser(url: str) -> httpx.Client:
    """Keeps cookies; keeps no connection open, so that nobody has to close it."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=url, follow_redirects=True, timeout=60, limits=limits)


def nonce(page: str, name: str = "_wpnonce") -> str:
    """The value of a hidden field in a page of wp-admin."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    if found is None:
        raise RuntimeError(f"The page has no field {name}")
    return found[1]


def wait_for(condition: Callable[[], object], what: str, seconds: float = WAIT) -> None:
    """Ask until it is so. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.2)
