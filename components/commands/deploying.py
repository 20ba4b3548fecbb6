"""The command that makes a public sprint of this code: a Space on the Hub with all it needs."""

from argparse import ArgumentParser, Namespace

from components.commands.command import Command, number, pair
from components.settings import Settings
from components.terminal import say, terminal_progress

TIMEOUT_S = 900
NOTHING = "Everything is as it should be."
MORE = (
    "Make a Space on the Hub, with a bucket for its backup and a private dataset for its snapshots, upload this "
    "code, and wait until it runs; run again it changes what differs. HF_TOKEN has to be a token that may write, "
    "and becomes the Space's own secret."
)


def _takes(parser: ArgumentParser) -> None:
    parser.add_argument("space", metavar="ORG/SPACE", help="the Space; made if it is missing")
    parser.add_argument(
        "--organizers", default="", metavar="A,B", help="usernames on the Hub; unsaid: whoever deploys"
    )
    parser.add_argument(
        "--prompts",
        default="",
        metavar="FILE",
        help="prompts to begin with: a file here, which goes to a private dataset, or hf://datasets/ORG/NAME",
    )
    parser.add_argument(
        "--set",
        action="append",
        type=pair,
        default=[],
        metavar="NAME=VALUE",
        help="another setting, such as RATINGS_PER_PROMPT=5; those of the sprint count until it has begun",
    )
    parser.add_argument(
        "--backup-to", default="", metavar="PLACE", help="unsaid: the bucket hf://buckets/ORG/SPACE-backup"
    )
    parser.add_argument(
        "--dataset", default="", metavar="ORG/NAME", help="where snapshots go; unsaid: ORG/SPACE-dataset"
    )
    parser.add_argument("--private", action="store_true", help="only its owners see a new Space")
    parser.add_argument(
        "--renew-token", action="store_true", help="give the Space this HF_TOKEN, also if it has one"
    )
    parser.add_argument(
        "--timeout",
        type=number,
        default=TIMEOUT_S,
        metavar="SECONDS",
        help=f"wait so long; unsaid: {TIMEOUT_S}",
    )
    parser.add_argument("--dry-run", action="store_true", help="list what it would do; change nothing")


def _deploy(settings: Settings, words: Namespace) -> int:
    # They import the Hub's client, which takes a while, and no other command waits for it.
    from components.deployment.code import code
    from components.deployment.plan import steps
    from components.deployment.space import Space
    from components.deployment.waiting import wait
    from components.deployment.wanted import Wanted, check, variables

    wanted = Wanted(
        words.space,
        words.organizers,
        words.prompts,
        words.backup_to,
        words.dataset,
        variables(words.set),
        words.private,
        words.renew_token,
    )
    check(wanted)
    space = Space(wanted.space, settings.hf_token)
    left = steps(wanted, code(), space, settings.hf_token)
    if words.dry_run:
        for step in left:
            say(f"{step.would()}.")
        say("Nothing was changed." if left else NOTHING)
        return 0
    for step in left:
        step.do()
        say(f"{step}.")
    if not left:
        say(NOTHING)
    with terminal_progress(wanted.space, unit=" s") as show:
        running = wait(
            space, words.timeout, bool(left), say, lambda seconds: show(round(seconds), words.timeout)
        )
    say(str(running))
    return 0


COMMANDS = (
    Command(
        "deploy", "make a public sprint of this: a Space on the Hub, or update it", _deploy, _takes, MORE
    ),
)
