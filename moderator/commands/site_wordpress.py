"""`moderator site wordpress`: moderate a WordPress that has nothing of ours, by its REST API."""

import argparse
import asyncio
import sys
from pathlib import Path

from moderator.bootstrap.operator import SiteManagement, open_site_management
from moderator.commands import options
from moderator.domain.errors import FetchError, InvalidError
from moderator.domain.site import Site, WordPressAccess
from moderator.settings import Settings

LONGEST = 200  # characters of a password: WordPress makes them of 24


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    parser.add_argument(
        "--url", help="the blog's home, as WordPress writes it (default: the site's own address)"
    )
    parser.add_argument("--user", help="a user there who may moderate comments")
    parser.add_argument(
        "--password-file", metavar="FILE",
        help="holds an application password of that user ('-': standard input)",
    )  # fmt: skip
    parser.add_argument("--off", action="store_true", help="stop it, and forget the password")


def run(arguments: argparse.Namespace) -> int:
    """Raises InvalidError, NotFoundError; 1 when the blog is of no use as it answers."""
    with open_site_management(Settings.from_environment(arguments.environment)) as management:
        if arguments.off:
            management.wordpress.disconnect(arguments.id)
            print("It is not polled any more; the password is forgotten.")
            return 0
        site = management.wordpress.site(arguments.id)
        if arguments.user is None and arguments.password_file is None and arguments.url is None:
            _show(site)
            return 0
        return _connect(management, site, _access(arguments, site))


def _connect(management: SiteManagement, site: Site, access: WordPressAccess) -> int:
    try:
        count = asyncio.run(management.wordpress.connect(site.id, access))
    except FetchError as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 1
    print(f"{access.url} is polled as {access.user}; {count} comments are on hold there.")
    return 0


def _access(arguments: argparse.Namespace, site: Site) -> WordPressAccess:
    known = site.wordpress
    user = arguments.user or (known.user if known else "")
    password = _password(arguments.password_file) or (known.password if known else "")
    if not user or not password:
        raise InvalidError("--user and --password-file are needed at first")
    if ":" in user:
        raise InvalidError("--user has a colon, which WordPress could not read")
    url = arguments.url or (known.url if known else site.url)
    found = options.url("--url", url)
    if found.scheme != "https" and not site.allowed_addresses:
        raise InvalidError("--url is not https: anybody between could read the password")
    return WordPressAccess(_home(url), user, password)


def _home(url: str) -> str:
    """Without a slash at the end, and without the REST API's own path."""
    bare = url.partition("#")[0].partition("?")[0].rstrip("/")
    return bare.removesuffix("/wp-json").rstrip("/")


def _password(path: str | None) -> str:
    if path is None:
        return ""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"--password-file {path!a} cannot be read") from error
    password = text.strip()
    if not password or len(password) > LONGEST or not password.isprintable():
        raise InvalidError(f"--password-file {path!a} does not hold one line with a password")
    return password


def _show(site: Site) -> None:
    if site.wordpress is None:
        print("It is not polled.")
    else:
        print(f"{site.wordpress.url} is polled as {site.wordpress.user}.")
