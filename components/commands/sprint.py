"""The command that shows and changes what the sprint wants."""

from argparse import ArgumentParser, Namespace

from components.commands.command import Command
from components.commands.opening import existing
from components.organizing.sprint import UNCHANGED, change, described, read_moment, read_quota
from components.records import STATES
from components.settings import Settings
from components.store.sprints import SWITCHES, TERMINAL

SPRINT_HELP = (
    "Changes take effect at once, also while the server runs. --quota replaces all quotas there are."
)


def _takes_settings(sprint: ArgumentParser) -> None:
    sprint.add_argument("--title", help="what stands at the top of the page")
    sprint.add_argument(
        "--state", choices=STATES, help="prompts are handed out while it is open; what comes in later is kept"
    )
    sprint.add_argument(
        "--starts", metavar="WHEN", help="opens by itself then: 2026-03-01, 2026-03-01T12:00+01:00, or never"
    )
    sprint.add_argument(
        "--ends",
        metavar="WHEN",
        help="closes by itself then; a day alone means its end; UTC if nothing else is said",
    )
    sprint.add_argument("--ratings-per-prompt", type=int, metavar="N", help="ratings wanted for each prompt")
    sprint.add_argument(
        "--extra-rating",
        choices=("on", "off"),
        help="one rating more for prompts whose scores are 3 or more apart",
    )
    sprint.add_argument(
        "--quota",
        action="append",
        metavar="WHICH:N",
        help="at most N ratings for kind=human, source=NAME or source=NAME,kind=human; can be given again",
    )
    for switch, help_text in (
        ("points", "points on the leaderboard; without them it goes by the number of ratings"),
        ("teams", "teams on the leaderboard"),
        ("ranking", "the leaderboard itself; the totals stay"),
    ):
        sprint.add_argument(f"--{switch}", choices=("on", "off"), help=help_text)
    sprint.add_argument("--no-quotas", action="store_true", help="as many ratings of each as are wanted")


def _sprint(settings: Settings, words: Namespace) -> int:
    quotas = [] if words.no_quotas else None
    if words.quota:
        quotas = [read_quota(quota) for quota in words.quota]
    with existing(settings) as store:
        changed = change(
            store,
            TERMINAL,
            title=words.title,
            ratings_per_prompt=words.ratings_per_prompt,
            extra_rating=None if words.extra_rating is None else words.extra_rating == "on",
            quotas=quotas,
            state=words.state,
            starts_at=UNCHANGED if words.starts is None else read_moment(words.starts),
            ends_at=UNCHANGED if words.ends is None else read_moment(words.ends, end=True),
            **{name: {"on": True, "off": False}.get(getattr(words, name)) for name in SWITCHES},
        )
    print(described(changed), flush=True)
    return 0


COMMANDS = (
    Command(
        "sprint", "show what the sprint wants rated, or change it", _sprint, _takes_settings, SPRINT_HELP
    ),
)
