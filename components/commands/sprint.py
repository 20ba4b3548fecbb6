"""The command that shows and changes what the sprint wants."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from components.commands.command import Command, number
from components.commands.opening import existing
from components.errors import BadSetting
from components.organizing.sprint import change, dates_in_words, described, in_vain, read_moment, read_quota
from components.records import STATES
from components.settings import Settings
from components.store import sprints
from components.store.sprints import SWITCHES, TERMINAL

SPRINT_HELP = (
    "Changes take effect at once, also while the server runs. --quota replaces all quotas there are."
)

ON = {"on": True, "off": False}
DEFAULT = "default"
NUMBERS = ("ratings_per_contributor", "repeat_every", "repeat_after", "repeat_after_days")


def _takes_settings(sprint: ArgumentParser) -> None:
    sprint.add_argument("--title", help="what stands at the top of the page")
    sprint.add_argument("--description", help="one sentence on it, for visitors")
    sprint.add_argument(
        "--guidelines",
        metavar="FILE",
        help=f"how to rate, in Markdown; `{DEFAULT}` for those that come with it",
    )
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
    sprint.add_argument(
        "--ratings-per-prompt", type=number, metavar="N", help="ratings wanted for each prompt"
    )
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
    sprint.add_argument(
        "--ratings-per-minute", type=number, metavar="N", help="taken from one person; 0 for any number"
    )
    sprint.add_argument(
        "--ratings-per-contributor",
        type=number,
        metavar="N",
        help="enough from one person: the card says so kindly, and they may go on; 0 for never",
    )
    sprint.add_argument(
        "--repeat-every",
        type=number,
        metavar="N",
        help="one prompt in N comes again to who rated it, which counts nowhere but shows how consistent they are; 0 for none",
    )
    sprint.add_argument("--repeat-after", type=number, metavar="N", help="so many ratings lie in between")
    sprint.add_argument("--repeat-after-days", type=number, metavar="N", help="and so many days")
    sprint.add_argument(
        "--gold-feedback",
        choices=("on", "off"),
        help="tell contributors what a gold prompt should be given, once they have rated it",
    )
    for switch, help_text in (
        ("points", "points on the leaderboard; without them it goes by the number of ratings"),
        ("teams", "teams on the leaderboard"),
        ("ranking", "the leaderboard itself; the totals stay"),
    ):
        sprint.add_argument(f"--{switch}", choices=("on", "off"), help=help_text)
    sprint.add_argument("--no-quotas", action="store_true", help="as many ratings of each as are wanted")


def _sprint(settings: Settings, words: Namespace) -> int:
    with existing(settings) as store:
        changed = change(store, TERMINAL, **_given(words))
        with store.reading() as connection:
            own = sprints.guidelines(connection)
            unheard_of = in_vain(connection, changed.quotas)
        now = store.clock()
    print(described(changed, own, now), flush=True)
    for told in filter(None, (dates_in_words(changed, now), *unheard_of)):
        print(told, flush=True)
    return 0


def _given(words: Namespace) -> dict[str, object]:
    """The settings that were named, each with its value."""
    names = ("title", "description", "state", "ratings_per_prompt", "ratings_per_minute", *NUMBERS)
    values = {name: getattr(words, name) for name in names}
    values |= {name: ON.get(getattr(words, name)) for name in ("extra_rating", "gold_feedback", *SWITCHES)}
    values["quotas"] = [read_quota(quota) for quota in words.quota] if words.quota else None
    if words.no_quotas:
        values["quotas"] = []
    given = {name: value for name, value in values.items() if value is not None}
    if words.starts is not None:
        given["starts_at"] = read_moment(words.starts)
    if words.ends is not None:
        given["ends_at"] = read_moment(words.ends, end=True)
    if words.guidelines is not None:
        given["guidelines"] = None if words.guidelines == DEFAULT else _read(words.guidelines)
    return given


def _read(file: str) -> str:
    try:
        return Path(file).read_text("utf-8")
    except UnicodeDecodeError:
        raise BadSetting(f"The guidelines in {file} are no text in UTF-8; save them as such.") from None
    except OSError as error:
        raise BadSetting(f"The guidelines in {file} cannot be read ({error.strerror}).") from None


COMMANDS = (
    Command(
        "sprint", "show what the sprint wants rated, or change it", _sprint, _takes_settings, SPRINT_HELP
    ),
)
