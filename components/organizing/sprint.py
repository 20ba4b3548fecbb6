"""What the sprint wants rated, and how often: changed by organizers while it runs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from components.errors import BadSetting, ChangedMeanwhile
from components.records import DAY_MS, KINDS, STATES, Quota, Sprint
from components.store import people, sprints, tallies
from components.store.store import Store
from components.store.writer import Transaction

MOST_RATINGS_PER_PROMPT = 100
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 500
LONGEST_GUIDELINES = 20_000
MOST_QUOTAS = 100
MOST_REPEAT_EVERY = 1000
MOST_REPEAT_AFTER = 10_000
MOST_REPEAT_AFTER_DAYS = 365
MOST_RATINGS_PER_CONTRIBUTOR = 1_000_000
MOST_OF_A_QUOTA = 1_000_000_000
# The year 2100.
LATEST_MS = 4_102_444_800_000
QUOTA = re.compile(r"(?:source=(?P<source>.+?))?,?(?:kind=(?P<kind>\w+))?:(?P<ratings>\d+)")


def _title(value: str) -> str:
    return _text("title", value, LONGEST_TITLE, needed=True)


def _description(value: str) -> str:
    return _text("description", value, LONGEST_DESCRIPTION)


def _guidelines(value: str | None) -> str | None:
    return None if value is None else _text("guidelines", value, LONGEST_GUIDELINES) or None


def _text(what: str, value: str, most: int, needed: bool = False) -> str:
    value = value.strip()
    if (needed and not value) or len(value) > most:
        raise BadSetting(f"The {what} must be a text of at most {most:,} characters.")
    return value


def _state(value: str) -> str:
    if value not in STATES:
        raise BadSetting(f"The state of a sprint is one of {', '.join(STATES)}.")
    return value


def _number(sentence: str, least: int, most: int) -> Callable[[int], int]:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise BadSetting(sentence.format(least=least, most=most))
        return value

    return check


def _moment(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= LATEST_MS:
        raise BadSetting("That moment is too far away; take one before the year 2100.")
    return value


def _quotas(value: Sequence[Quota]) -> tuple[Quota, ...]:
    for quota in value:
        if not (quota.source or quota.kind) or quota.kind not in (None, *KINDS):
            raise BadSetting("A quota is for a kind, a source, or a kind of a source.")
        if not 0 <= quota.ratings <= MOST_OF_A_QUOTA:
            raise BadSetting(f"A quota is for 0 to {MOST_OF_A_QUOTA:,} ratings.")
    if len(value) > MOST_QUOTAS:
        raise BadSetting(f"There can be at most {MOST_QUOTAS} quotas.")
    return tuple(value)


def _on(value: bool) -> str:
    return "on" if value else "off"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _when(value: int | None) -> str:
    return "never" if value is None else moment_in_words(value)


def _until(value: int | None) -> str:
    return "never" if value is None else end_in_words(value)


def _each(value: Sequence[Quota | Mapping]) -> str:
    return (
        "; ".join(quota_in_words(one if isinstance(one, Quota) else Quota(**one)) for one in value) or "none"
    )


def _length(value: str | None) -> str:
    return f"{len(value):,} characters" if value else "those that come with the sprint"


@dataclass(frozen=True)
class SprintSetting:
    """Something organizers change while the sprint runs.

    Attributes:
        name: Of the field of `Sprint`.
        words: What it is called.
        check: Makes the value that is kept of one that was given, or raises `BadSetting`.
        told: A value in words.
    """

    name: str
    words: str
    check: Callable[[Any], object]
    told: Callable[[Any], str] = str


SETTINGS = (
    SprintSetting("title", "title", _title),
    SprintSetting("description", "description", _description, lambda value: value or "none"),
    SprintSetting("guidelines", "guidelines", _guidelines, _length),
    SprintSetting("state", "state", _state),
    SprintSetting("starts_at", "starts", _moment, _when),
    SprintSetting("ends_at", "ends", _moment, _until),
    SprintSetting(
        "ratings_per_prompt",
        "ratings per prompt",
        _number("A prompt can want {least} to {most} ratings.", 1, MOST_RATINGS_PER_PROMPT),
    ),
    SprintSetting("extra_rating", "one rating more where scores are 3 or more apart", bool, _yes),
    SprintSetting("quotas", "quotas", _quotas, _each),
    SprintSetting(
        "ratings_per_minute",
        "ratings a minute from one person",
        _number("{least} to {most} ratings a minute can be taken from one person.", 0, 100_000),
        lambda value: str(value) if value else "any number",
    ),
    SprintSetting(
        "ratings_per_contributor",
        "enough ratings from one person",
        _number("{least} to {most} ratings can be enough from one person.", 0, MOST_RATINGS_PER_CONTRIBUTOR),
        lambda value: f"{value:,}" if value else "never",
    ),
    SprintSetting(
        "repeat_every",
        "prompts that come again",
        _number("One in {least} to {most} prompts can come again.", 0, MOST_REPEAT_EVERY),
        lambda value: f"one in {value}" if value else "none",
    ),
    SprintSetting(
        "repeat_after",
        "ratings before one comes again",
        _number("{least} to {most} ratings can lie before one comes again.", 1, MOST_REPEAT_AFTER),
    ),
    SprintSetting(
        "repeat_after_days",
        "days before one comes again",
        _number("{least} to {most} days can lie before one comes again.", 0, MOST_REPEAT_AFTER_DAYS),
    ),
    SprintSetting("gold_feedback", "contributors are told the gold score", bool, _yes),
    SprintSetting("points", "points", bool, _on),
    SprintSetting("teams", "teams", bool, _on),
    SprintSetting("ranking", "ranking", bool, _on),
)


def change(
    store: Store, contributor: str, was: Mapping[str, object] | None = None, **changes: object
) -> Sprint:
    """Change settings, note in the log who did and what stood there before; returns the sprint as it stands now.

    Args:
        was: What stood there when they looked, of each setting they change; without it, whatever stands
            there is overwritten.
        changes: By the names of `SETTINGS`.

    Raises:
        BadSetting: A value cannot be used; the message says what can.
        ChangedMeanwhile: Somebody else changed one of them since.
    """
    checks = {setting.name: setting.check for setting in SETTINGS}
    checked = {name: checks[name](value) for name, value in changes.items()}

    def work(transaction: Transaction) -> Sprint:
        standing = sprints.values(transaction)
        new = {name: value for name, value in checked.items() if value != standing[name]}
        if was is not None:
            _check_nobody_was_faster(transaction, {name: was[name] for name in new}, standing)
        of_sprint = {name: value for name, value in new.items() if name != "guidelines"}
        _check_dates(replace(sprints.standing(transaction), **of_sprint), checked, transaction.now)
        return sprints.change(transaction, contributor, new) if new else sprints.standing(transaction)

    return store.write(work)


def _check_nobody_was_faster(
    transaction: Transaction, was: Mapping[str, object], standing: Mapping[str, object]
) -> None:
    for setting in SETTINGS:
        if setting.name in was and was[setting.name] != standing[setting.name]:
            by = sprints.last_change(transaction.connection, setting.name)
            who = people.names(transaction.connection, [by[0]])[by[0]] if by else "Somebody else"
            raise ChangedMeanwhile(
                f"Nothing was saved: {who} changed this meanwhile ({setting.words}: "
                f"{setting.told(standing[setting.name])}). It stands beside what you wrote; save again to put yours in its place."
            )


def _check_dates(sprint: Sprint, changes: Mapping[str, object], now: int) -> None:
    if sprint.starts_at is not None and sprint.ends_at is not None and sprint.starts_at >= sprint.ends_at:
        raise BadSetting("The sprint would end before it starts; give both dates together.")
    if changes.get("state", "closed") != "closed" and sprint.state_at(now) == "closed":
        raise BadSetting(f"The sprint ended on {end_in_words(sprint.ends_at)}; give it a later end, or none.")


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


def end_in_words(moment: int) -> str:
    """The same of an end: at midnight it is the day that is over then."""
    if moment % DAY_MS:
        return moment_in_words(moment)
    read = datetime.fromtimestamp(moment / 1000, UTC) - timedelta(days=1)
    return f"{read.day} {read:%B %Y}, 24:00 UTC"


def dates_in_words(sprint: Sprint, now: int) -> str:
    """What the dates have made of the state that organizers set; empty as long as it is in that state."""
    state = sprint.state_at(now)
    if state == sprint.state:
        return ""
    if state == "closed":
        return f"The sprint ended on {end_in_words(sprint.ends_at)}: it is closed."
    begins = moment_in_words(sprint.starts_at)
    if state == "open":
        return f"The sprint began on {begins}: it is open."
    return f"The sprint begins on {begins}: until then it is in preparation."


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


def quota_in_words(quota: Quota) -> str:
    """A quota as people say it."""
    of = " ".join(filter(None, (quota.kind, "prompts", quota.source and f"of {quota.source}")))
    return f"at most {quota.ratings:,} ratings for {of}"


def in_vain(connection: Connection, quotas: Sequence[Quota]) -> list[str]:
    """A sentence on each source that has a quota and no prompts: it may be misspelled."""
    known = {source for source, _ in tallies.coverage_by_source(connection)}
    named = sorted({quota.source for quota in quotas if quota.source} - known)
    return [
        f"No prompt is of the source {one} yet; its quota waits, if that is how it is spelled."
        for one in named
    ]


def described(sprint: Sprint, guidelines: str | None, now: int) -> str:
    """The sprint in words at a moment, one line for each thing that can be changed; quotas have one each."""
    values = {setting.name: getattr(sprint, setting.name, guidelines) for setting in SETTINGS}
    values["state"] = sprint.state_at(now)
    lines = [f"{one.words}: {one.told(values[one.name])}" for one in SETTINGS if one.name != "quotas"]
    return "\n".join([*lines, *map(quota_in_words, sprint.quotas)])
