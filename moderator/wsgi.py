"""What a web server loads: `python -m moderator.wsgi` serves; other servers take `create`.

Put another server only behind a proxy that buffers slow clients (docs/operating).
"""

import gc
import logging
import os
import signal
import sys
import threading
from types import FrameType

from flask import Flask

from moderator.bootstrap.parts import set_up_logging
from moderator.bootstrap.services import build_services
from moderator.domain.errors import SettingsError
from moderator.settings import Settings
from moderator.usecases.services import Services
from moderator.web import create_app
from moderator.web.doors import DoorLimits
from moderator.web.limits import RateLimit
from moderator.web.server import Server, build_server

log = logging.getLogger(__name__)


def create() -> Flask:
    """Return the application, wired as the environment says. Raises SettingsError."""
    return build(Settings.from_environment(os.environ))


def build(settings: Settings) -> Flask:
    set_up_logging(settings)
    # It says how deep the queue of requests is, with every request of a flood.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    limit = RateLimit(settings.requests_per_second, settings.requests_burst)
    door_limits = DoorLimits(
        RateLimit(settings.door_requests_per_second, settings.door_burst),
        RateLimit(10 * settings.door_requests_per_second, 10 * settings.door_burst),
    )
    return create_app(build_services(settings), limit=limit, door_limits=door_limits)


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"Settings are wrong: {error}\n")
        return 2
    app = build(settings)
    server = build_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.web_threads,
        trusted_proxy=settings.trusted_proxy,
    )
    _stop_on_signals(server)
    services: Services = app.extensions["services"]
    if services.heartbeat is not None:
        services.heartbeat.start(threading.Event())
    gc.freeze()  # what start-up made stays for good: the collector need not look at it again
    log.info("listening host=%s port=%s", server.effective_host, server.effective_port)
    server.run()
    return 0


def _stop_on_signals(server: Server) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


if __name__ == "__main__":
    raise SystemExit(main())
