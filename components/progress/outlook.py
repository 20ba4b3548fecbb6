"""Where the sprint stands and where it is heading: coverage by source and kind, pace, forecast, milestones."""

from collections.abc import Iterable, Mapping

from components.live.moment import Moment
from components.progress import milestones
from components.progress.activity import ACTIVE_MS, Activity
from components.progress.forecast import (
    DAY_HOURS,
    Pace,
    days_until,
    last_days,
    pace_of,
    ratings_within,
    verdict,
)
from components.progress.goal import missing, reached, surplus
from components.records import DAY_MS, HOUR_MS, MINUTE_MS, Milestone, Sprint
from components.store import contributors, sprints, tallies
from components.store import milestones as kept_milestones

# Enough for a whole sprint; each row costs every watcher a few bytes at every change.
MOST_GROUPS = 60
# The ends of time that JavaScript and people can do with.
FARTHEST_MS = 10 * 365 * DAY_MS


def document(moment: Moment, people: int, activity: Activity) -> dict:
    """Everything the Progress section shows.

    Args:
        people: How many rated.
    """
    sprint = moment.read(sprints.current)
    moment.holds_until(next_hour(moment.now))
    hours = hours_of(moment.read(tallies.hours))
    return {
        "groups": groups(moment.read(tallies.coverage_by_source), sprint.ratings_per_prompt),
        "ratings": ratings(moment, hours, sprint) | {"last_hour": activity.last_hour},
        "people": {
            "joined": moment.read(contributors.count),
            "rated": people,
            "active": activity.active,
            "active_minutes": ACTIVE_MS // MINUTE_MS,
        },
        **prospects(sprint, moment.read(tallies.coverage), hours, moment.now),
        "milestones": [
            {
                "kind": one.kind,
                "number": one.number,
                "ratings_per_prompt": one.ratings_per_prompt,
                "reached_at": one.reached_at,
            }
            for one in moment.read(kept_milestones.every)
        ],
    }


def hours_of(rows: Iterable[Mapping]) -> dict[int, int]:
    """Ratings by hour since the epoch, from what the store says of hours."""
    return {int(row["hour"]): int(row["ratings"]) for row in rows}


def next_hour(now: int) -> int:
    """When the hour that is now ends."""
    return (now // HOUR_MS + 1) * HOUR_MS


def groups(coverage: Mapping[tuple[str, str], Mapping[int, int]], ratings_per_prompt: int) -> list[dict]:
    """Coverage of each source and kind, the one with most prompts first; the small ones together at last.

    Returns:
        source (None where `others` are summed up), kind, others (0, or how many), prompts, done, ratings.
    """
    rows = [
        {
            "source": source,
            "kind": kind,
            "others": 0,
            "prompts": sum(counted.values()),
            "done": reached(counted, ratings_per_prompt),
            "ratings": sum(ratings * prompts for ratings, prompts in counted.items()),
        }
        for (source, kind), counted in coverage.items()
    ]
    rows.sort(key=lambda row: (-row["prompts"], row["source"], row["kind"]))
    shown, rest = rows[:MOST_GROUPS], rows[MOST_GROUPS:]
    if rest:
        sums = {name: sum(row[name] for row in rest) for name in ("prompts", "done", "ratings")}
        shown.append({"source": None, "kind": None, "others": len(rest)} | sums)
    return shown


def ratings(moment: Moment, hours: Mapping[int, int], sprint: Sprint) -> dict:
    """Ratings in all, of this day (UTC), beyond the goal, and late."""
    hour = moment.now // HOUR_MS
    first_of_day = hour - hour % DAY_HOURS
    return {
        "total": sum(hours.values()),
        "today": sum(number for at, number in hours.items() if first_of_day <= at <= hour),
        "surplus": surplus(moment.read(tallies.coverage), sprint.ratings_per_prompt),
        "late": moment.read(tallies.late),
    }


def prospects(
    sprint: Sprint,
    coverage: Mapping[int, int],
    hours: Mapping[int, int],
    now: int,
    prompts: int | None = None,
) -> dict:
    """What the pace of the last days makes likely: pace, missing, finish and by_end, each None if nothing can be said.

    Args:
        prompts: As if there were so many.

    Returns:
        missing: Ratings that are still wanted.
        pace: ratings a day, and of how many days.
        finish: earliest, likely, latest in epoch milliseconds; latest is None if the band has no end.
        by_end: of the sprint's end: fewest, likely and most further ratings, and the verdict on `missing`.
    """
    wanted = missing(coverage, sprint.ratings_per_prompt, prompts)
    pace = pace_of(last_days(hours, now // HOUR_MS))
    goes_on = pace is not None and wanted > 0 and sprint.state_at(now) != "closed"
    # What is told does not move by the second, only with ratings and hours.
    now -= now % HOUR_MS
    return {
        "missing": wanted,
        "pace": None if pace is None else {"per_day": pace.per_day, "days": pace.days},
        "finish": _finish(pace, wanted, now) if goes_on else None,
        "by_end": _by_end(pace, wanted, now, sprint.ends_at) if goes_on and sprint.ends_at else None,
    }


def _finish(pace: Pace, wanted: int, now: int) -> dict:
    band = days_until(pace, wanted)
    return {
        "earliest": _moment(now, band.earliest),
        "likely": _moment(now, band.likely),
        "latest": None if band.latest is None else _moment(now, band.latest),
    }


def _moment(now: int, days: float) -> int:
    return now + min(FARTHEST_MS, round(days * DAY_MS))


def _by_end(pace: Pace, wanted: int, now: int, ends_at: int) -> dict:
    days = (ends_at - now) / DAY_MS
    band = ratings_within(pace, days)
    return {
        "fewest": round(band.earliest),
        "likely": round(band.likely),
        "most": round(band.latest),
        "verdict": verdict(pace, wanted, days),
    }


def new_milestones(moment: Moment, people: int) -> list[Milestone]:
    """What was just reached, and is to be kept for good."""
    sprint = moment.read(sprints.current)
    found = milestones.reached_now(
        hours_of(moment.read(tallies.hours)),
        people,
        moment.read(tallies.coverage),
        sprint.ratings_per_prompt,
        moment.now,
    )
    return milestones.unknown(found, moment.read(kept_milestones.every))
