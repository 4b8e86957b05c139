"""What a web server loads: `python -m moderator.wsgi` serves; other servers take `create`.

Put another server only behind a proxy that buffers slow clients (docs/operating).
"""

import gc
import logging
import os
import resource
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from types import FrameType

from flask import Flask

from moderator.bootstrap.event_log import set_up_logging
from moderator.bootstrap.services import build_services
from moderator.domain.errors import SettingsError, StorageUnavailableError
from moderator.settings import Settings
from moderator.usecases.services import Services
from moderator.web import create_app
from moderator.web.limits import RateLimit
from moderator.web.linkback_endpoints import EndpointLimits
from moderator.web.public_address import prefix_of
from moderator.web.server.capacity import Size
from moderator.web.server.serve import RequestLimits, Server, build_server
from moderator.web.server.watching import UNWATCHED
from moderator.web.traffic import traffic

MOST_FILES = 16_384

log = logging.getLogger(__name__)


def create() -> Flask:
    """Return the application, wired as the environment says. Raises SettingsError."""
    return build(Settings.from_environment(os.environ))


def build(settings: Settings) -> Flask:
    set_up_logging(settings)
    limit = RateLimit(settings.requests_per_second, settings.requests_burst)
    per_second, burst = settings.door_requests_per_second, settings.door_burst
    endpoint_limits = EndpointLimits(
        by_address=RateLimit(per_second, burst),
        by_site=RateLimit(10 * per_second, 10 * burst),
        of_readers=RateLimit(10 * per_second, 10 * burst),
    )
    return create_app(build_services(settings), limit=limit, endpoint_limits=endpoint_limits)


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"Settings are wrong: {error}\n")
        return 2
    os.umask(0o077)  # what is written is for nobody else
    app = build(settings)
    try:
        server = _listen(app, settings)
    except OSError as error:
        where = f"HOST {settings.host}, PORT {settings.port}"
        sys.stderr.write(f"Cannot listen on {where}: {error.strerror or error}\n")
        return 1
    _stop_on_signals(server)
    services: Services = app.extensions["services"]
    if services.heartbeat is not None:
        services.heartbeat.start(threading.Event())
    gc.freeze()  # what start-up made stays for good: the collector need not look at it again
    log.info("listening host=%s port=%s", server.effective_host, server.effective_port)
    server.run()
    if services.metrics is not None:
        with suppress(StorageUnavailableError):
            services.metrics.keep()
    services.close()
    return 0


def _listen(app: Flask, settings: Settings) -> Server:
    services: Services = app.extensions["services"]
    return build_server(
        app,
        host=settings.host,
        port=settings.port,
        traffic=replace(
            traffic(settings.web_threads, prefix_of(settings.public_url)),
            watcher=services.request_log or UNWATCHED,
        ),
        trusted_proxies=settings.trusted_proxy,
        limits=RequestLimits(size=Size.within(_raise_file_limit())),
    )


def _raise_file_limit() -> int:
    """Return how many files this process may open: every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def _stop_on_signals(server: Server) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


if __name__ == "__main__":
    raise SystemExit(main())
