"""The operator's commands: `moderator COMMAND`, one file per command in commands/."""

import argparse
import os
import sys

from moderator.commands import asked_for
from moderator.commands.instance import with_redis
from moderator.domain.errors import ModeratorError, StorageUnavailableError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 is success, 1 a plain failure, 2 wrong words."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="moderator", description="Self-hosted comment moderation for blogs."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in asked_for(arguments):
        subparser = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.configure(subparser)
        subparser.set_defaults(run=command.run)
    parsed = parser.parse_args(arguments)
    os.umask(0o077)  # what a command writes, or a process that it starts, is for nobody else
    try:
        parsed.environment = with_redis(os.environ)
        code = int(parsed.run(parsed))
        sys.stdout.flush()
    except StorageUnavailableError as error:
        sys.stderr.write(f"moderator: {error}{f': {error.why}' if error.why else ''}\n")
        return 1
    except ModeratorError as error:
        sys.stderr.write(f"moderator: {error}\n")
        return 1
    except BrokenPipeError:  # whoever read what we print has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a file or an address that the operator named
        sys.stderr.write(f"moderator: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
