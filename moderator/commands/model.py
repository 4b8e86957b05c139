"""`moderator model show|reset`: what the sites' moderators taught the model."""

import argparse

from moderator.bootstrap.operate.noted import note
from moderator.bootstrap.operator import open_layers
from moderator.domain.pages.audit import AuditAct
from moderator.judgement.learning.site_layer import Effect
from moderator.judgement.text.model import shared_model
from moderator.settings import Settings

NAME = "model"
HELP = "Look at what a site taught the model, or forget it."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="The shared model, and what a site taught.")
    reset = actions.add_parser("reset", help="Forget what a site taught.")
    show.add_argument("--site", default="")
    reset.add_argument("--site", required=True)


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    with open_layers(settings) as layers:
        if arguments.action == "reset":
            forgot = layers.reset(arguments.site)
            if forgot:
                note(settings, AuditAct.FORGOT, arguments.site, site_id=arguments.site)
            print("Forgotten." if forgot else "This site had taught nothing.")
            return 0
        print(f"shared model: {shared_model().name}")
        if arguments.site:
            layer, version = layers.load(arguments.site)
            print(f"site {arguments.site}: {layer.lessons} decisions learned")
            waiting = "the shared model is sure of the opposite"
            print(f"{layer.count(Effect.WAITS)} of them wait for another that says so: {waiting}")
            print(f"{layer.count(Effect.REFUSED)} are refused because they hurt honest texts")
            print(f"version {version}")
    return 0
