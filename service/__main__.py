"""The command line: `python -m service COMMAND`."""

import argparse
import sys
from collections.abc import Sequence

from service.commands import audit, create_admin, holds, import_catalogue, migrate, redis_cli, seed, serve, worker
from service.embedded import EmbeddedServerError
from service.settings import SettingsError
from service.supervisor import StartError

COMMANDS = {
    "serve": serve,
    "worker": worker,
    "migrate": migrate,
    "seed": seed,
    "create-admin": create_admin,
    "import": import_catalogue,
    "redis-cli": redis_cli,
    "holds": holds,
    "audit": audit,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status is 2 for wrong arguments or settings, 1 for what is wrong around us."""
    parser = argparse.ArgumentParser(prog="python -m service", description="Holdfast, a reservation hold service.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    parsed = parser.parse_args(arguments)
    try:
        status: int | None = parsed.run(parsed)
    except SettingsError as faults:
        return _fail(f"the settings in the environment are not valid:\n{faults}", 2)
    except (StartError, EmbeddedServerError) as failure:
        return _fail(str(failure), 1)
    except KeyboardInterrupt:
        return 130
    return status or 0


def _fail(message: str, status: int) -> int:
    print(f"holdfast: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
