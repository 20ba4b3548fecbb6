"""Commands that bring prompts in."""

from argparse import ArgumentParser, Namespace

from components.commands.command import Command
from components.commands.opening import opened
from components.prompt_sources.importing import import_prompts
from components.settings import Settings
from components.terminal import terminal_progress


def _takes_file(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="JSONL, JSONL.gz, CSV or Parquet with prompt, source and kind"
    )


def _import(settings: Settings, words: Namespace) -> int:
    with opened(settings) as store, terminal_progress(words.file) as on_progress:
        report = import_prompts(store, words.file, token=settings.hf_token, on_progress=on_progress)
    print(report, flush=True)
    return 1 if report.nothing_usable else 0


COMMANDS = (Command("import", "bring prompts in from a file", _import, _takes_file),)
