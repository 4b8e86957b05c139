"""The golden scenario with nothing of ours on the blogs: over REST, with an application password.

What is expected is what the plugin brings about (golden.py). RUNS repeats it.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

import httpx

from integrations.wordpress.e2e.blogs import FOLDER, LAB, PORT, USER, Blog, Lab, running_lab
from integrations.wordpress.e2e.golden import INSTALLS, Stage, play, running, show
from integrations.wordpress.e2e.service import Service


def main() -> int:
    runs = int(os.environ.get("RUNS", "1"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all is stopped
    print(f"WordPress lab: {LAB}\nIts folder:    {FOLDER}")
    print(f"Installs with apt-get what is missing of: {INSTALLS}\n", flush=True)
    with (
        running_lab() as lab,
        tempfile.TemporaryDirectory(prefix="moderator-e2e-") as service_folder,
        running(bare_service(Path(service_folder))) as service,
    ):
        print(f"WordPress {Blog(lab, 'a').ask('get_bloginfo', 'version')}", flush=True)
        moderator = service.moderator()
        outcomes = []
        for number in range(1, runs + 1):
            stage = bare_stage(lab, service, moderator, f"blog-a-{number}")
            outcomes.append(show(number, play(stage, number)))
            service.command("site", "wordpress", stage.credentials.site_id, "--off")
        failed = sum(bool(outcome.faults) for outcome in outcomes)
        if failed:
            print(service.log.read_text(errors="replace")[-6000:])
    print(f"\n{runs - failed} of {runs} as they should be")
    return 1 if failed else 0


def bare_service(folder: Path) -> Service:
    return Service(folder, settings={"WORDPRESS_POLL_SECONDS": "1"})


def bare_stage(lab: Lab, service: Service, moderator: httpx.Client, site_id: str) -> Stage:
    """Blog A without anything of ours, and a site that polls it."""
    blog = Blog(lab, "a")
    password = str(blog.ask("e2e_bare"))
    pairs = (f"127.0.0.2:{PORT}", f"127.0.0.3:{PORT}")
    credentials = service.add_site(site_id, f"{blog.url}/", "", *pairs)
    service.poll(site_id, USER, password)
    return Stage(blog, service, credentials, moderator, is_bare=True)


if __name__ == "__main__":
    sys.exit(main())
