"""What a web server loads: `python -m moderator.wsgi` serves; others call `create()`."""

import logging
import os
import signal
from types import FrameType

from flask import Flask

from moderator.bootstrap import build_services, set_up_logging
from moderator.settings import Settings
from moderator.web import create_app
from moderator.web.server import build_server

log = logging.getLogger(__name__)


def create() -> Flask:
    """Return the application for another server; it should stand behind a buffering proxy."""
    settings = Settings.from_environment(os.environ)
    set_up_logging(settings)
    return create_app(build_services(settings))


def main() -> None:
    settings = Settings.from_environment(os.environ)
    server = build_server(
        create(), host=settings.host, port=settings.port, threads=settings.web_threads
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("listening host=%s port=%s", settings.host, server.effective_port)
    server.run()


if __name__ == "__main__":
    main()
