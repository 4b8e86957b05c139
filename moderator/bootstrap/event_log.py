"""The log of use cases, kept by the standard library: `event=NAME key=value …`, one line each."""

import logging

log = logging.getLogger("moderator")


class StandardLog:
    """A fact's value is written as it is: no text of strangers belongs here."""

    def info(self, event: str, /, **facts: object) -> None:
        log.info("%s", _line(event, facts))

    def warning(self, event: str, /, **facts: object) -> None:
        log.warning("%s", _line(event, facts))

    def failure(self, event: str, error: BaseException, /, **facts: object) -> None:
        log.error("%s", _line(event, facts), exc_info=error)


def _line(event: str, facts: dict[str, object]) -> str:
    return " ".join([f"event={event}", *(f"{key}={value}" for key, value in facts.items())])
