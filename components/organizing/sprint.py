"""What the sprint wants rated, and how often: changed by organizers while it runs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from components.errors import BadSetting
from components.records import KINDS, STATES, Quota, Sprint
from components.store import sprints
from components.store.store import Store
from components.store.writer import Transaction

MOST_RATINGS_PER_PROMPT = 100
LONGEST_TITLE = 200
QUOTA = re.compile(r"(?:source=(?P<source>.+?))?,?(?:kind=(?P<kind>\w+))?:(?P<ratings>\d+)")


class Unchanged:
    """Says of a setting that may be None that it is not to be touched."""


UNCHANGED = Unchanged()


def change(
    store: Store,
    contributor: str,
    title: str | None = None,
    ratings_per_prompt: int | None = None,
    extra_rating: bool | None = None,
    quotas: Sequence[Quota] | None = None,
    state: str | None = None,
    starts_at: int | None | Unchanged = UNCHANGED,
    ends_at: int | None | Unchanged = UNCHANGED,
    points: bool | None = None,
    teams: bool | None = None,
    ranking: bool | None = None,
) -> Sprint:
    """Change what is given, note in the log who did, and return the sprint as it stands now.

    Args:
        state: One of `STATES`.
        starts_at, ends_at: In epoch milliseconds, or None for no such moment.
        points, teams, ranking: Whether these are on, on the leaderboard.

    Raises:
        BadSetting: A value cannot be used; the message says what can.
    """
    changes: dict[str, object] = {}
    if title is not None:
        if not title.strip() or len(title) > LONGEST_TITLE:
            raise BadSetting(f"The title must be a text of at most {LONGEST_TITLE} characters.")
        changes["title"] = title.strip()
    if ratings_per_prompt is not None:
        if not 1 <= ratings_per_prompt <= MOST_RATINGS_PER_PROMPT:
            raise BadSetting(f"A prompt can want 1 to {MOST_RATINGS_PER_PROMPT} ratings.")
        changes["ratings_per_prompt"] = ratings_per_prompt
    if extra_rating is not None:
        changes["extra_rating"] = extra_rating
    if quotas is not None:
        changes["quotas"] = tuple(quotas)
    if state is not None:
        if state not in STATES:
            raise BadSetting(f"The state of a sprint is one of {', '.join(STATES)}.")
        changes["state"] = state
    changes |= {
        name: moment
        for name, moment in (("starts_at", starts_at), ("ends_at", ends_at))
        if not isinstance(moment, Unchanged)
    }
    switches = {"points": points, "teams": teams, "ranking": ranking}
    changes |= {name: on for name, on in switches.items() if on is not None}
    if not changes:
        return store.sprint()

    def work(transaction: Transaction) -> Sprint:
        _check_dates(replace(sprints.standing(transaction), **changes), changes, transaction.now)
        return sprints.change(transaction, contributor, changes)

    return store.write(work)


def _check_dates(sprint: Sprint, changes: Mapping[str, object], now: int) -> None:
    if sprint.starts_at is not None and sprint.ends_at is not None and sprint.starts_at >= sprint.ends_at:
        raise BadSetting("The sprint would end before it starts; give --starts and --ends together.")
    if changes.get("state", "closed") != "closed" and sprint.state_at(now) == "closed":
        raise BadSetting(
            f"The sprint ended on {moment_in_words(sprint.ends_at)}; give it a later --ends, or --ends never."
        )


def read_moment(words: str, end: bool = False) -> int | None:
    """Read a moment as organizers write it: 2026-03-15, 2026-03-15T18:00, 2026-03-15T18:00+01:00, or never.

    Without a time zone it is UTC. A day alone means its beginning, or, as an end, its last moment.

    Raises:
        BadSetting: It is written in another way.
    """
    if words.strip().lower() == "never":
        return None
    try:
        read = datetime.fromisoformat(words.strip())
    except ValueError:
        raise BadSetting(
            f"{words!r} is no moment; write 2026-03-15, 2026-03-15T18:00, 2026-03-15T18:00+01:00 or never."
        ) from None
    if end and len(words.strip()) <= len("2026-03-15"):
        read += timedelta(days=1)
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return round(read.timestamp() * 1000)


def moment_in_words(moment: int) -> str:
    """A moment as people write it, in UTC."""
    read = datetime.fromtimestamp(moment / 1000, UTC)
    return f"{read.day} {read:%B %Y, %H:%M} UTC"


def read_quota(words: str) -> Quota:
    """Read a quota as organizers write it: `kind=human:500`, `source=NAME:300`, `source=NAME,kind=human:200`.

    Raises:
        BadSetting: It is written in another way.
    """
    match = QUOTA.fullmatch(words.strip())
    kind = match["kind"] if match else None
    if match is None or not (match["source"] or kind) or kind not in (None, *KINDS):
        raise BadSetting(
            f"{words!r} is no quota; write kind=human:500, source=NAME:300 or source=NAME,kind=human:200."
        )
    return Quota(int(match["ratings"]), match["source"], kind)


def described(sprint: Sprint) -> str:
    """The sprint in words, one line for each thing that can be changed."""
    lines = [
        f"title: {sprint.title}",
        f"state: {sprint.state}",
        *(
            f"{name}: {moment_in_words(moment)}"
            for name, moment in (("starts", sprint.starts_at), ("ends", sprint.ends_at))
            if moment is not None
        ),
        f"ratings per prompt: {sprint.ratings_per_prompt}",
        f"one rating more where scores are 3 or more apart: {'yes' if sprint.extra_rating else 'no'}",
    ]
    lines += [f"{name}: {'on' if getattr(sprint, name) else 'off'}" for name in sprints.SWITCHES]
    for quota in sprint.quotas:
        of = " ".join(filter(None, (quota.kind, "prompts", quota.source and f"of {quota.source}")))
        lines.append(f"at most {quota.ratings:,} ratings for {of}")
    return "\n".join(lines)
