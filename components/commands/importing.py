"""Commands about prompts on their way in: import, undo-import, duplicates."""

import csv
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from components.commands.command import Command, number, pair
from components.commands.opening import existing, opened
from components.errors import BadFolder, BadSetting
from components.prompt_sources.catalog import SHAPES
from components.prompt_sources.hub_dataset import PREFIX, HubDataset
from components.prompt_sources.importing import import_prompts
from components.prompt_sources.origin import File, Paste, origin_named, unit_of
from components.prompt_sources.plan import CONSTANTS, OURS, Plan
from components.prompt_sources.preview import Preview, preview
from components.prompt_sources.rows import Rejection
from components.settings import Settings
from components.spreadsheet import MARK, harmless
from components.store import duplicates, imports
from components.store.sprints import TERMINAL
from components.terminal import terminal_progress

STDIN = "-"
SHOWN = 300
SHAPES_HELP = ", ".join(f"{shape.name} ({shape.about})" for shape in SHAPES)
MORE = (
    "Bring prompts in. Rows that cannot be taken are left out one by one, and reported with their place and the reason; "
    "all others come in at one moment, or, if the origin is damaged, changes beyond reading or the import is "
    f"cancelled, none. Bringing in the same again changes nothing. The shape of rows is found out: {SHAPES_HELP}."
)


def _names(words: str) -> list[str]:
    return [name.strip() for name in words.split(",") if name.strip()]


def _takes_import(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FROM",
        help="a file (JSONL, JSON, CSV, TSV, Parquet, Arrow; .gz of some), hf://datasets/ORG/NAME/path for one on "
        "the Hub, hf://datasets/ORG/NAME[@REVISION] for a dataset, - for what is piped in",
    )
    parser.add_argument("--configuration", default="", help="of a dataset on the Hub")
    parser.add_argument("--split", default="", help="of a dataset on the Hub; train if nothing is said")
    parser.add_argument("--revision", default="", help="a branch, tag or commit of a dataset on the Hub")
    parser.add_argument(
        "--shape", default="", metavar="NAME", help="what the rows look like, if it is not found out"
    )
    parser.add_argument(
        "--map",
        action="append",
        type=pair,
        default=[],
        metavar="OURS=COLUMN",
        help=f"what a column is called, for one of {', '.join(OURS)}; messages.0.content reaches into a column",
    )
    parser.add_argument(
        "--set",
        action="append",
        type=pair,
        default=[],
        metavar="NAME=VALUE",
        help=f"the same for every row: {' or '.join(CONSTANTS)}, such as kind=human",
    )
    parser.add_argument("--metadata", type=_names, metavar="A,B", help="keep only these other columns")
    parser.add_argument(
        "--shortest", type=number, default=0, metavar="N", help="leave out prompts of fewer characters"
    )
    parser.add_argument("--longest", type=number, metavar="N", help="leave out prompts of more characters")
    parser.add_argument(
        "--language",
        type=_names,
        default=[],
        metavar="CODES",
        help="codes such as en,de: leave out what is in another language; guessed where no column `language` says it, and kept if in doubt",
    )
    parser.add_argument("--sample", type=number, metavar="N", help="only so many, of each source its share")
    parser.add_argument(
        "--each-copy", action="store_true", help="also have exact copies of other prompts rated"
    )
    parser.add_argument(
        "--preview", action="store_true", help="show the columns and five rows; store nothing"
    )
    parser.add_argument("--list", action="store_true", help="list the imports there were")


def _import(settings: Settings, words: Namespace) -> int:
    if words.list:
        return _list(settings)
    if not words.file:
        raise BadSetting("Say where the prompts are: `import FILE`, or `import --help` for all there is.")
    plan = Plan(
        shape=words.shape,
        columns=dict(words.map),
        constants=dict(words.set),
        metadata=None if words.metadata is None else tuple(words.metadata),
        shortest=words.shortest,
        longest=words.longest,
        languages=tuple(words.language),
        sample=words.sample,
        each_copy=words.each_copy,
    )
    plan.check()
    origin = _origin(words)
    if words.preview:
        print(_in_words(preview(origin, plan, settings.hf_token)), flush=True)
        return 0
    with opened(settings) as store, terminal_progress(words.file, unit_of(origin)) as on_progress:
        report = import_prompts(store, origin, plan=plan, token=settings.hf_token, on_progress=on_progress)
    print(report, flush=True)
    if report.import_id:
        print(f"To take it back: python app.py undo-import {report.import_id}", flush=True)
    return 1 if report.nothing_usable else 0


def _origin(words: Namespace) -> File | Paste | HubDataset:
    if words.file == STDIN:
        return Paste(sys.stdin.buffer.read().decode("utf-8", "replace"))
    origin = origin_named(words.file)
    told = {name: getattr(words, name) for name in ("configuration", "split", "revision")}
    told = {name: value for name, value in told.items() if value}
    if told and not isinstance(origin, HubDataset):
        raise BadSetting(f"--{next(iter(told))} is for a dataset on the Hub; write {PREFIX}ORG/NAME.")
    return replace(origin, **told) if told else origin


def _in_words(seen: Preview) -> str:
    lines = [f"{seen.name}: {seen.shape}", f"columns: {', '.join(seen.columns)}", ""]
    for prompt, ratings in zip(seen.prompts, seen.ratings, strict=True):
        if isinstance(prompt, Rejection):
            lines += [f"- {prompt.reason}"]
            continue
        text = " ".join(prompt.text[:SHOWN].split())
        kept = ", ".join(prompt.metadata)
        lines += [
            f"- {text}",
            f"  source {prompt.source}, kind {prompt.kind}"
            + (f", id {prompt.own_id}" if prompt.own_id else "")
            + (f", {ratings} ratings" if ratings else "")
            + (f"; also {kept}" if kept else ""),
        ]
    if told := seen.sentences():
        lines += ["", *told]
    said = [f"--map {ours}={column}" for ours, column in seen.plan.columns.items()]
    said += [f"--set {name}={value}" for name, value in seen.plan.constants.items()]
    if said:
        lines += ["", f"As read here: {' '.join(said)}"]
    return "\n".join(lines)


def _list(settings: Settings) -> int:
    with existing(settings) as store, store.reading() as connection:
        for one in imports.every(connection):
            at = datetime.fromtimestamp(one.at / 1000, UTC)
            undone = ", undone" if one.undone_at else ""
            who = f" by {one.by}" if one.by else ""
            added = one.details.get("added", 0)
            print(
                f"{one.import_id}  {at:%Y-%m-%d %H:%M}  {added:,} of {one.details.get('file', '')}{who}{undone}"
            )
    return 0


def _takes_import_id(parser: ArgumentParser) -> None:
    parser.add_argument("import_id", metavar="ID", help="as `import --list` has it")


def _undo(settings: Settings, words: Namespace) -> int:
    with existing(settings) as store:
        number = store.write(lambda tx: imports.undo(tx, TERMINAL, words.import_id))
    print(f"{number:,} prompts were taken back.", flush=True)
    return 0


def _takes_duplicates(parser: ArgumentParser) -> None:
    from components.prompt_sources.duplicates import ALIKE

    parser.add_argument(
        "--alike",
        type=float,
        default=ALIKE,
        metavar="SHARE",
        help=f"how alike prompts have to be; {ALIKE} if nothing is said",
    )
    parser.add_argument("--to", metavar="FILE", type=Path, help="write all pairs into a CSV file")
    for decision, means in duplicates.DECISIONS.items():
        parser.add_argument(
            f"--{decision}",
            nargs=2,
            action="append",
            default=[],
            metavar=("FIRST", "SECOND"),
            help=f"decide about two prompts by their ids: {means}",
        )


def _duplicates(settings: Settings, words: Namespace) -> int:
    from components.prompt_sources.duplicates import as_rows, find

    if not 0.3 < words.alike <= 1:
        raise BadSetting("How alike prompts have to be is a number over 0.3, and 1 at most.")
    decisions = [(name, *pair) for name in duplicates.DECISIONS for pair in getattr(words, name)]
    with existing(settings) as store:
        for decision, first, second in decisions:
            store.write(lambda tx, told=(decision, first, second): duplicates.decide(tx, TERMINAL, *told))
            print(f"{decision}: {duplicates.DECISIONS[decision]}.", flush=True)
        if decisions:
            return 0
        with terminal_progress("duplicates", " prompts") as on_progress:
            found = find(store, words.alike, on_progress)
    if words.to:
        _write(words.to, list(as_rows((*found.exact, *found.near))))
    else:
        for pair in (*found.exact, *found.near):
            if pair.settled:
                continue
            print(f"{pair.similarity:.0%}")
            for prompt in (pair.first, pair.second):
                print(f"  {prompt.prompt_id}  {prompt.source}: {' '.join(prompt.text[:SHOWN].split())}")
    print(found, flush=True)
    return 0


def _write(path: Path, rows: Sequence[dict]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(MARK)
            writer = csv.writer(file)
            writer.writerow(rows[0] if rows else ("similarity",))
            writer.writerows(map(harmless, row.values()) for row in rows)
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise BadFolder(f"{path} cannot be written ({error.strerror}).") from error


COMMANDS = (
    Command("import", "bring prompts in from a file or a dataset", _import, _takes_import, MORE),
    Command(
        "undo-import",
        "take an import back, as long as nobody has rated any of it",
        _undo,
        _takes_import_id,
    ),
    Command(
        "duplicates", "list prompts that say the same, or nearly, and decide", _duplicates, _takes_duplicates
    ),
)
