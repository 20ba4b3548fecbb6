"""Commands of organizers who watch a sprint: moderation, contributors, the activity log."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from components.agreement.known import known
from components.commands.command import Command
from components.commands.opening import existing
from components.commands.reviewing import described, print_review
from components.errors import BadSetting
from components.organizing.activity import Act, log_of
from components.organizing.excluding import Excluder
from components.organizing.gold import NONE, Mark, mark_all, read_marks, read_score
from components.organizing.listing import ON_THE_CARD
from components.organizing.metadata import read_metadata
from components.records import FLAG_REASONS
from components.settings import Settings
from components.store import exclusions, gold, moderation, people, roles
from components.store.contributors import is_used_up, sign_out
from components.store.moderation import LISTS
from components.store.people import ORDERS, WHICH
from components.store.sprints import TERMINAL
from components.store.store import Store
from components.terminal import terminal_progress

PER_PAGE = 50
WIDTH = 60
EVERYBODY = "everybody"


def _takes_page(parser: ArgumentParser) -> None:
    parser.add_argument("--page", type=_page, default=1, metavar="N", help="the first one if not said")


def _page(words: str) -> int:
    return max(1, int(words))


def _takes_moderation(parser: ArgumentParser) -> None:
    parser.add_argument("--list", choices=tuple(LISTS), default="flagged", help="which prompts to list")
    parser.add_argument("--find", default="", metavar="WORDS", help="only prompts with these words")
    _takes_page(parser)
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--retire", metavar="PROMPT_ID", help="hand a prompt out no more")
    acts.add_argument("--keep", metavar="PROMPT_ID", help="hand it out whatever its flags")
    acts.add_argument("--reset", metavar="PROMPT_ID", help="as if neither had been decided")
    acts.add_argument("--edit", metavar="PROMPT_ID", help="give it other metadata; source and kind stay")
    parser.add_argument("--reason", help=f"why it is retired; {ON_THE_CARD}")
    parser.add_argument("--metadata", metavar="JSON", help='for --edit, such as \'{"language": "en"}\'')


def _moderation(settings: Settings, words: Namespace) -> int:
    with existing(settings) as store:
        for status, prompt_id in (("retired", words.retire), ("kept", words.keep), ("active", words.reset)):
            if prompt_id:
                store.write(
                    lambda tx, one=prompt_id, to=status: moderation.judge(tx, TERMINAL, one, to, words.reason)
                )
                print(f"{prompt_id} is {status} now.", flush=True)
                return 0
        if words.edit:
            if words.metadata is None:
                raise BadSetting("Say with --metadata what the metadata shall be.")
            metadata = read_metadata(words.metadata)
            store.write(lambda tx: moderation.edit(tx, TERMINAL, words.edit, metadata))
            print(f"{words.edit} has other metadata now.", flush=True)
            return 0
        with store.reading() as connection:
            found = moderation.listed(connection, words.list, words.find, words.page, PER_PAGE)
    for row in found.rows:
        flags = ", ".join(f"{FLAG_REASONS[one].lower()} {row[one]}" for one in FLAG_REASONS if row[one])
        told = " · ".join(
            filter(None, (row["status"], row["status_reason"], flags, _number_of(row["ratings"], "ratings")))
        )
        print(row["prompt_id"], told, _short(row["text"]), sep="\n  ")
    print(f"{found.total:,} prompts, page {found.page} of {found.pages}.", flush=True)
    return 0


def _takes_gold(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="CSV or JSON lines with `score` and `prompt_id`, or the text as `prompt`; nothing: list them",
    )
    parser.add_argument("--prompt", metavar="PROMPT_ID", help="one prompt only; needs --score")
    parser.add_argument("--score", metavar="N", help=f"1 to 5, or `{NONE}`")


def _gold(settings: Settings, words: Namespace) -> int:
    if (words.prompt is None) != (words.score is None) or (words.prompt and words.file):
        raise BadSetting("Give a file, or --prompt and --score together.")
    marks = [Mark(words.prompt, read_score(words.score))] if words.prompt else []
    marks += read_marks(words.file) if words.file else []
    with existing(settings) as store:
        if marks:
            with terminal_progress("gold", unit=" prompts") as show:
                told = mark_all(store, TERMINAL, marks, show)
            print(told, flush=True)
            return 0
        with store.reading() as connection:
            found = gold.scores(connection)
    for prompt_id, score in found.items():
        print(prompt_id, score)
    print(f"{len(found):,} gold prompts.", flush=True)
    return 0


def _takes_contributors(parser: ArgumentParser) -> None:
    parser.add_argument("--list", choices=tuple(WHICH), default=EVERYBODY, help="whom to list")
    parser.add_argument("--find", default="", metavar="NAME", help="only people with this in their name")
    parser.add_argument(
        "--order", choices=tuple(ORDERS), default="ratings", help="most ratings first if not said"
    )
    _takes_page(parser)
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument(
        "--review",
        action="store_true",
        help="list accounts that behave as one, bursts, and answers that are nearly all the same",
    )
    acts.add_argument("--appoint", metavar="NAME", help="make somebody an organizer")
    acts.add_argument("--dismiss", metavar="NAME", help="make an organizer a contributor again")
    acts.add_argument(
        "--exclude", metavar="NAME", help="have somebody's ratings count nowhere; needs --reason"
    )
    acts.add_argument("--readmit", metavar="NAME", help="have them count again")
    acts.add_argument("--sign-out", metavar="NAME", help=f"end somebody's sessions, or `{EVERYBODY}`'s")
    parser.add_argument("--reason", help=f"why somebody is excluded; they are told, and {ON_THE_CARD}")


def _contributors(settings: Settings, words: Namespace) -> int:
    acts: tuple[tuple[str | None, str, Callable], ...] = (
        (words.appoint, "is an organizer now", lambda tx, who: roles.give(tx, TERMINAL, who, True)),
        (
            words.exclude,
            "counts nowhere now",
            lambda tx, who: exclusions.exclude(tx, TERMINAL, who, words.reason),
        ),
        (words.readmit, "counts again", lambda tx, who: exclusions.readmit(tx, TERMINAL, who)),
        (words.sign_out, "has to sign in again", lambda tx, who: sign_out(tx, TERMINAL, who)),
    )
    if words.exclude and not (words.reason or "").strip():
        raise BadSetting(f"Say with --reason why; they are told, and {ON_THE_CARD}.")
    with existing(settings) as store:
        for name, told, act in acts:
            if name is not None:
                who = None if words.sign_out == EVERYBODY else _one(store, name)
                store.write(lambda tx, who=who, act=act: act(tx, who))
                if words.exclude or words.readmit:
                    _count(store, who, name)
                print(f"{name} {told}.", flush=True)
                return 0
        if words.dismiss is not None:
            print(dismiss(settings, store, words.dismiss), flush=True)
            return 0
        if words.review:
            return print_review(store)
        with store.reading() as connection:
            asked = (words.list, words.find, words.order, words.page, PER_PAGE)
            total, page, pages, rows = people.listed(connection, *asked)
            _, told = known(connection, [row["contributor_id"] for row in rows])
    for row in rows:
        roles_of = [word for word in ("organizer", "excluded") if row[word]]
        speed = "" if row["median_ms"] is None else f"{row['median_ms'] / 1000:.1f} s each"
        counted = [_number_of(row[one], one) for one in people.COUNTED]
        rates = described(told.get(row["contributor_id"]))
        lines = (" · ".join(filter(None, words)) for words in ([*counted, speed, *roles_of], rates))
        print(row["username"], *filter(None, lines), sep="\n  ")
    print(f"{total:,} people, page {page} of {pages}.", flush=True)
    return 0


def dismiss(settings: Settings, store: Store, name: str) -> str:
    """Dismiss somebody, and say what they are then: not only the store makes organizers."""
    who = _one(store, name)
    was = store.write(lambda tx: roles.give(tx, TERMINAL, who, False))
    told = (
        f"{name} is no organizer any more." if was else f"{name} was not appointed, so nothing has changed."
    )
    with store.reading() as connection:
        username = people.names(connection, [who])[who].casefold()
        comes_back = username in map(str.casefold, settings.organizers) and not is_used_up(
            connection, username
        )
    if comes_back:
        return f"{told} ORGANIZERS names them: at their next sign-in they are one again, unless the name goes there."
    if settings.local_sign_in and not settings.organizers:
        return f"{told} While ORGANIZERS names nobody, everybody who signs in by name on this machine organizes; name who shall."
    return told


def _count(store: Store, contributor: str, name: str) -> None:
    with store.reading() as connection:
        total = exclusions.left(connection, contributor)
    with terminal_progress(name, unit=" ratings") as show:

        def changed() -> None:
            with store.reading() as connection:
                show(total - exclusions.left(connection, contributor), total)

        Excluder(store, changed).do(contributor)


def _one(store: Store, name: str) -> str:
    with store.reading() as connection:
        found = people.named(connection, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadSetting(f"Nobody here is called {name}; `python app.py contributors` lists everybody.")
    raise BadSetting(f"Several people are called {name}; name one of them by id: {', '.join(found)}.")


def _activity(settings: Settings, words: Namespace) -> int:
    with existing(settings) as store, store.reading() as connection:
        log = log_of(connection, words.page)
    for act in log.rows:
        print(_line(act))
    print(f"{log.total:,} acts, page {log.page} of {log.pages}.", flush=True)
    return 0


def _number_of(number: int, nouns: str) -> str:
    return f"{number:,} {nouns if number != 1 else nouns.removesuffix('s')}"


def _line(act: Act) -> str:
    at = datetime.fromtimestamp(act.at / 1000, UTC)
    head = f"{at:%Y-%m-%d %H:%M} UTC · {act.who} {act.what}"
    reason = [f"because: {act.reason}"] if act.reason else []
    return "\n  ".join([head, *([act.prompt_id] if act.prompt_id else []), *reason, *act.details])


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}…"


COMMANDS = (
    Command("moderation", "list flagged prompts; retire, keep or edit one", _moderation, _takes_moderation),
    Command(
        "contributors",
        "list who takes part; appoint, dismiss, exclude, readmit, sign out",
        _contributors,
        _takes_contributors,
    ),
    Command("gold", "list gold prompts, or say what prompts should be given", _gold, _takes_gold),
    Command("activity", "what organizers did, the last act first", _activity, _takes_page),
)
