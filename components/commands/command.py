"""A command as the parser knows it: what it is called, what it takes, what it does."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from components.settings import Settings


def nothing(parser: ArgumentParser) -> None:
    """Take no words but the command's own name."""


@dataclass(frozen=True)
class Command:
    """One command of `python app.py`.

    Attributes:
        run: Does it; returns the exit code.
        takes: Adds its words and options to its parser.
        more: What `--help` says besides `help`.
    """

    name: str
    help: str
    run: Callable[[Settings, Namespace], int]
    takes: Callable[[ArgumentParser], None] = nothing
    more: str | None = None
