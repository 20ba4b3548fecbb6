"""The organizers' command line: words in, a call to a room, words out."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from components.commands import agreement, dataset, deploying, importing, keeping, running, sprint
from components.errors import SprintError
from components.settings import Settings, read_settings

COMMANDS = (
    *importing.COMMANDS,
    *dataset.COMMANDS,
    *sprint.COMMANDS,
    *running.COMMANDS,
    *agreement.COMMANDS,
    *keeping.COMMANDS,
    *deploying.COMMANDS,
)


def main(arguments: Sequence[str], serve: Callable[[Settings], None]) -> int:
    """Do what the command line asks for; returns the exit code.

    Args:
        serve: Runs the server until it is told to stop; what no command at all asks for.
    """
    words = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for client in ("httpx", "httpx2"):
        logging.getLogger(client).setLevel(logging.WARNING)
    try:
        settings = read_settings()
        if words.command is None:
            serve(settings)
            return 0
        return words.command(settings, words)
    except SprintError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads our words, such as `head`, has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and nothing of all that would be right."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:]}; `{self.prog} --help` says what can be written.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python app.py",
        description="Prompt Sprint. Without a command it serves the page; settings are environment variables, listed in README.md.",
    )
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help, description=command.more or command.help)
        command.takes(one)
        one.set_defaults(command=command.run)
    return parser
