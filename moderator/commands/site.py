"""`moderator site`: register blogs, change what they may, remove them."""

import argparse
import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from moderator.bootstrap.operate.noted import noting_site
from moderator.bootstrap.operator import SiteManagement, open_site_management
from moderator.commands import (
    options,
    site_change,
    site_lists,
    site_retention,
    site_show,
    site_wordpress,
)
from moderator.domain.errors import InvalidError
from moderator.domain.policy import CopyHandling, Mode, Moderation
from moderator.domain.site import SignatureProfile, Site, signature_header
from moderator.platforms import BY_NAME
from moderator.settings import Settings
from moderator.usecases.operate.site_values import SiteChanges, changed
from moderator.usecases.operate.sites import (
    SECRET_OVERLAP,
    Credentials,
    SignatureChoices,
    SiteChoices,
)

NAME = "site"
THRESHOLDS = "Show and change from which score a blog holds."
HELP = "Register blogs and change their credentials."
OF_THEIR_OWN = {
    "lists": site_lists.run,
    "remove": site_change.remove,
    "retention": site_retention.run,
    "wordpress": site_wordpress.run,
}
SECRET_INSIDE = frozenset({SignatureProfile.BODY_SECRET, SignatureProfile.BEARER})
SITE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="Register a blog; prints its secret and key, once.")
    _configure_add(add)
    rotate = actions.add_parser("rotate", help="New secret and key; the old ones count for 24 h.")
    rotate.add_argument("id")
    rotate.add_argument("--at-once", action="store_true", help="the old ones count no longer")
    lists = actions.add_parser("lists", help="Show and change a blog's denylist and allowlist.")
    site_lists.configure(lists)
    wordpress = actions.add_parser(
        "wordpress", help="Moderate a WordPress that has nothing of ours, by its REST API."
    )
    site_wordpress.configure(wordpress)
    site_retention.configure(
        actions.add_parser("retention", help="Show and change how long a blog keeps what it has.")
    )
    _configure_choices(actions.add_parser("set", help="Show and change what a blog chooses."))
    _configure_thresholds(actions.add_parser("thresholds", help=THRESHOLDS))
    key = actions.add_parser("akismet-key", help="New key for Akismet clients; prints it, once.")
    key.add_argument("id")
    what = key.add_mutually_exclusive_group()
    what.add_argument("--suspend", action="store_true", help="no new key: answer none of its keys")
    what.add_argument("--restore", action="store_true", help="no new key: answer them again")
    actions.add_parser("list", help="List the registered blogs.")
    show = actions.add_parser("show", help="Show what is set for one blog.")
    show.add_argument("id")
    site_change.configure_removal(
        actions.add_parser("remove", help="Delete a blog with all that belongs to it.")
    )
    for action in (add, rotate):
        action.add_argument("--json", action="store_true", help="print JSON")


def _configure_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="short name: lower-case letters, digits, . _ -")
    parser.add_argument("--url", required=True, help="the blog's address")
    site_change.configure_values(parser)
    parser.add_argument("--lang", default="", help="the blog's languages, e.g. de,en")
    _configure_signature(parser)


def run(arguments: argparse.Namespace) -> int:
    about = getattr(arguments, "id", "")
    with noting_site(arguments.environment, about, arguments.action):
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    if elsewhere := OF_THEIR_OWN.get(arguments.action):
        return elsewhere(arguments)
    settings = Settings.from_environment(arguments.environment)
    with open_site_management(settings, may_make=arguments.action == "add") as enrolment:
        now = datetime.now(UTC)  # noqa: TID251  # a command is an entry point
        match arguments.action:
            case "add":
                site = _site(arguments)
                given = enrolment.enrol.add(site, now, arguments.signing_secret)
                _show(given, as_json=arguments.json)
                _warn(site)
            case "rotate":
                overlap = timedelta() if arguments.at_once else SECRET_OVERLAP
                given = enrolment.enrol.rotate(arguments.id, now, overlap)
                _show(given, as_json=arguments.json)
            case "akismet-key":
                _client_key(enrolment, arguments, now)
            case "set":
                _set(enrolment, arguments, now)
            case "thresholds":
                policy = enrolment.enrol.rethreshold(
                    arguments.id,
                    hold_at=arguments.hold,
                    spam_at=arguments.spam,
                    report_at=arguments.reports,
                )
                print(
                    f"held from {policy.hold_at:g}, spam from {policy.spam_at:g},"
                    f" listed from {policy.report_at} reports"
                )
            case "show":
                site_show.show(enrolment, enrolment.enrol.site(arguments.id), now)
            case _:
                _list(enrolment)
    return 0


def _site(arguments: argparse.Namespace) -> Site:
    if not SITE_ID.fullmatch(arguments.id):
        raise InvalidError("A site id is lower-case letters, digits, '.', '_' and '-'")
    profile = SignatureProfile(arguments.signature or SignatureProfile.STANDARD)
    unnamed = Site(
        id=arguments.id,
        name=arguments.id,
        url="",
        hosts=frozenset(),
        signature_profile=profile,
        signature_header=signature_header(profile, arguments.signature_header or ""),
    )
    asked = replace(site_change.changes(arguments), langs=arguments.lang)
    try:
        return changed(unnamed, asked, BY_NAME)
    except InvalidError as error:
        raise site_change.in_options(error) from error


def _configure_thresholds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    parser.add_argument("--hold", type=float, metavar="SCORE", help="held from this score")
    parser.add_argument("--spam", type=float, metavar="SCORE", help="spam from this score")
    parser.add_argument(
        "--reports", type=int, metavar="N", help="what is approved is listed from N reports"
    )


def _configure_signature(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--signature", choices=list(SignatureProfile),
        help="how callbacks are signed, and what signed requests may look like",
    )  # fmt: skip
    parser.add_argument(
        "--signature-header", metavar="NAME", help="of body-hex, e.g. X-Coral-Signature"
    )
    parser.add_argument(
        "--signing-secret", default="", metavar="SECRET", help="one that the blog's software made"
    )


def _configure_choices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    _configure_signature(parser)
    site_change.configure_changes(parser)
    parser.add_argument(
        "--mode",
        choices=list(Mode),
        help="careful: strangers with a page or a link wait until many were approved",
    )
    parser.add_argument("--lang", metavar="LANGS", help="its languages, e.g. de,en; '' for none")
    parser.add_argument(
        "--reports", type=int, metavar="N", help="what is approved is listed from N reports"
    )
    parser.add_argument(
        "--copies", choices=list(CopyHandling), help="what becomes of what the blog has already"
    )
    parser.add_argument(
        "--plain-threshold", type=float, metavar="SCORE",
        help="what is held is spam from it on, to Akismet clients that cannot hold",
    )  # fmt: skip
    parser.add_argument(
        "--previously-approved",
        choices=list(site_show.YES_NO),
        help="every author's first comment waits",
    )
    parser.add_argument(
        "--moderation", choices=list(Moderation),
        help="when people look: where it is doubtful, before or after anything is published;"
        " observe: they decide all, and the service says what it would",
    )  # fmt: skip


def _wishes(arguments: argparse.Namespace) -> SiteChoices:
    return SiteChoices(
        mode=arguments.mode and Mode(arguments.mode),
        langs=None if arguments.lang is None else options.langs("--lang", arguments.lang),
        report_at=arguments.reports,
        copies=arguments.copies and CopyHandling(arguments.copies),
        previously_approved=site_show.YES_NO.get(arguments.previously_approved),
        plain_at=arguments.plain_threshold,
        moderation=arguments.moderation and Moderation(arguments.moderation),
    )


def _set(enrolment: SiteManagement, arguments: argparse.Namespace, now: datetime) -> None:
    """What is refused changes nothing."""
    asked, wishes = site_change.changes(arguments), _wishes(arguments)
    try:
        enrolment.change.judge(arguments.id, asked)
    except InvalidError as error:
        raise site_change.in_options(error) from error
    wanted = SignatureChoices(
        profile=arguments.signature and SignatureProfile(arguments.signature),
        header=arguments.signature_header,
        secret=arguments.signing_secret,
    )
    enrolment.enrol.judge(arguments.id, wishes)
    if wanted != SignatureChoices():
        site = enrolment.enrol.resign(arguments.id, now, wanted)
        print(f"signature {site_show.signature(site)}")
        _warn(site)
    site = enrolment.enrol.choose(arguments.id, wishes)
    if asked != SiteChanges():
        site_show.values(site_change.values(enrolment.change(arguments.id, asked)))
    site_show.choices(site)
    if arguments.plain_threshold is not None:
        site_show.plain_errors(enrolment, site)


def _warn(site: Site) -> None:
    """Say it where a secret would travel in the open."""
    is_open = site.callback_url.startswith("http:")
    if site.signature_profile in SECRET_INSIDE and is_open:
        print("Callbacks carry the secret, and go to http: use https, or another", file=sys.stderr)


def _show(credentials: Credentials, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"site_id": credentials.site_id, "secret": credentials.secret,
                          "api_key": credentials.api_key}))  # fmt: skip
        return
    print(f"Site:    {credentials.site_id}")
    print(f"Secret:  {credentials.secret}   (signs requests and callbacks)")
    print(f"API key: {credentials.api_key}   (Authorization: Bearer ...)")
    print("They are shown this once.")


def _client_key(enrolment: SiteManagement, arguments: argparse.Namespace, now: datetime) -> None:
    if arguments.suspend or arguments.restore:
        enrolment.enrol.suspend(arguments.id, is_suspended=arguments.suspend)
        print("suspended" if arguments.suspend else "restored")
        return
    print(f"Akismet key: {enrolment.enrol.client_key(arguments.id, now)}")
    print("It is shown this once; an earlier one counts for 24 h.")


def _list(enrolment: SiteManagement) -> None:
    for site in enrolment.sites.all():
        print(f"{site.id:20} {site.platform:10} {site.url}  {site_show.signature(site)}")
