"""A command as the parser knows it: what it is called, what it takes, what it does."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from components.settings import Settings


def nothing(parser: ArgumentParser) -> None:
    """Take no words but the command's own name."""


def pair(words: str) -> tuple[str, str]:
    """NAME=VALUE, as a name and a value."""
    name, is_there, value = words.partition("=")
    if not is_there or not name.strip() or not value.strip():
        raise ArgumentTypeError(f"write NAME=VALUE, not {words!r}")
    return name.strip(), value.strip()


def number(words: str) -> int:
    """A whole number."""
    try:
        return int(words)
    except ValueError:
        raise ArgumentTypeError(f"write a whole number, not {words!r}") from None


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
