"""`moderator site set` and `remove`: what is known of a blog is changed, or all of it deleted."""

import argparse
import sys

from moderator.bootstrap.operator import open_site_management
from moderator.commands.progress import during
from moderator.domain.errors import InvalidError
from moderator.domain.site import Site
from moderator.domain.urls.addresses import Pairs
from moderator.platforms import BY_NAME
from moderator.settings import Settings
from moderator.usecases.operate.site_values import SiteChanges

# Where a value has another name than the option that brings it.
OPTIONS = {
    "hosts": "host",
    "drop_hosts": "remove-host",
    "drop_allow": "remove-allow",
    "drop_allow_source": "remove-allow-source",
    "langs": "lang",
}
ON_OFF = {"on": True, "off": False}


def configure_values(parser: argparse.ArgumentParser) -> None:
    """What a blog is known by, when it is registered and later."""
    parser.add_argument("--name", help="what people call it")
    parser.add_argument(
        "--host", action="append", default=[], help="further host[:port] of the blog"
    )
    parser.add_argument("--platform", choices=sorted(BY_NAME), help="in whose words we speak")
    parser.add_argument("--callback-url", metavar="URL", help="where verdicts are sent")
    parser.add_argument("--akismet-key", metavar="KEY", help="also ask Akismet, with this key")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="IP:PORT",
        help="an exact address that callbacks may open although it is not public",
    )  # fmt: skip
    parser.add_argument(
        "--allow-source", action="append", default=[], metavar="IP:PORT",
        help="the same for what strangers name: sources of linkbacks, links of comments",
    )  # fmt: skip
    parser.add_argument(
        "--feed", choices=list(ON_OFF), help="whether anybody may read its approved linkbacks"
    )


def configure_changes(parser: argparse.ArgumentParser) -> None:
    """What only a blog that is there already can lose or get anew."""
    configure_values(parser)
    parser.add_argument("--url", help="the blog's address; its earlier host stays one of its hosts")
    for option, what in (
        ("--remove-host", "HOST"), ("--remove-allow", "IP:PORT"),
        ("--remove-allow-source", "IP:PORT"),
    ):  # fmt: skip
        parser.add_argument(
            option, action="append", default=[], metavar=what, help="take it off again"
        )


def configure_removal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    parser.add_argument("--yes", action="store_true", help="ask nothing (for scripts)")


def changes(arguments: argparse.Namespace) -> SiteChanges:
    return SiteChanges(
        name=arguments.name,
        url=arguments.url,
        platform=arguments.platform,
        callback_url=arguments.callback_url,
        akismet_key=arguments.akismet_key,
        hosts=tuple(arguments.host),
        drop_hosts=tuple(getattr(arguments, "remove_host", ())),
        allow=tuple(arguments.allow),
        drop_allow=tuple(getattr(arguments, "remove_allow", ())),
        allow_source=tuple(arguments.allow_source),
        drop_allow_source=tuple(getattr(arguments, "remove_allow_source", ())),
        feed=None if arguments.feed is None else ON_OFF[arguments.feed],
    )


def in_options(error: InvalidError) -> InvalidError:
    """The same in the words of the command line, on one line."""
    if not error.fields:
        return error
    told = []
    for field in error.fields:
        name = field.pointer.removeprefix("/")
        told.append(f"--{OPTIONS.get(name, name).replace('_', '-')} {field.detail}")
    return InvalidError("; ".join(told))


def values(site: Site) -> dict[str, str]:
    """What is known of a site, in words; no secret of it."""
    return {
        "name": site.name,
        "address": site.url,
        "hosts": ", ".join(sorted(site.hosts)),
        "platform": site.platform,
        "callbacks to": site.callback_url or "nowhere",
        "allowed": _pairs(site.allowed_addresses),
        "sources at": _pairs(site.source_addresses),
        "Akismet key": "set" if site.akismet_key else "none",
        "feed": next(word for word, has_feed in ON_OFF.items() if has_feed is site.has_feed),
    }


def _pairs(pairs: Pairs) -> str:
    shown = [f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}" for ip, port in sorted(pairs)]
    return ", ".join(["public addresses", *shown])


def remove(arguments: argparse.Namespace) -> int:
    """Raises NotFoundError; InvalidError when it was not confirmed."""
    with open_site_management(Settings.from_environment(arguments.environment)) as management:
        count = management.remove.count(arguments.id)
        confirmed = arguments.id if arguments.yes else _confirmed(arguments.id, count)
        with during(f"Removing {count:,} submissions"):
            management.remove(arguments.id, confirmed)
    print(f"{arguments.id} was removed, with {count} submissions.")
    return 0


def _confirmed(id_: str, count: int) -> str:
    """What is typed when the site is named."""
    print(
        f"This deletes the site {id_} for good: {count} submissions with their"
        " decisions, what was learned from them, its lists, keys and secrets."
    )
    print("Type its id to go on: ", end="", flush=True)
    return sys.stdin.readline()
