"""The command that says how far the sprint's numbers carry."""

import json
from argparse import ArgumentParser, Namespace

from components.commands.command import Command
from components.commands.opening import existing
from components.settings import Settings
from components.terminal import terminal_progress


def _takes_agreement(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help="all numbers of the sprint, also by source, kind, length and week; nothing of single contributors but the busiest",
    )


def _agreement(settings: Settings, words: Namespace) -> int:
    # scipy takes half a second, and no other command waits for it.
    from components.agreement.work import found

    with existing(settings) as store, terminal_progress("agreement", unit=" steps") as show:
        _, contents = found(store.database, lambda _, done, total: show(done, total))
    told = contents["agreement"] | {"without_busiest": contents["without_busiest"]}
    if words.json:
        print(json.dumps(told, indent=2), flush=True)
        return 0
    others = (f"{level} {told['levels'][level]['value']:.2f}" for level in told["levels"])
    lines = [
        told["alpha"]["sentence"],
        f"With other distances: {', '.join(others)}." if told["alpha"]["value"] is not None else "",
        *(one["sentence"] for one in told["claims"] if one["basis"] == "severity and source taken out"),
        told["concentration"]["sentence"],
        told["without_busiest"]["sentence"] if told["without_busiest"] else "",
        *told["notes"],
    ]
    print(*filter(None, lines), sep="\n", flush=True)
    return 0


COMMANDS = (
    Command(
        "agreement",
        "how far contributors agree, whether one kind is rated higher, how far it rests on a few people",
        _agreement,
        _takes_agreement,
    ),
)
