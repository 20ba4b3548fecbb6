"""The activity log: what organizers did, in sentences."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from components.organizing.sprint import SETTINGS, SprintSetting, moment_in_words
from components.records import Action
from components.store import acts, people
from components.store.duplicates import DECISIONS
from components.store.paging import paged

PER_PAGE = 50


@dataclass(frozen=True)
class Act:
    """One thing an organizer did.

    Attributes:
        who: What they are called.
        at: When, in epoch milliseconds.
        what: A sentence without them, such as "excluded ada".
        details: What changed, from what to what, a line for each.
        reason: What they gave as one.
        prompt_id: The prompt it was about, if any.
    """

    who: str
    at: int
    what: str
    details: list[str]
    reason: str | None
    prompt_id: str | None


@dataclass(frozen=True)
class Log:
    """One page of the log, the last act first."""

    total: int
    page: int
    pages: int
    rows: list[Act]


def log_of(connection: Connection, page: int) -> Log:
    """The page that was asked for, or the last one if there are fewer."""
    total = acts.count(connection)
    page, pages, here = paged(total, page, PER_PAGE)
    rows = acts.listed(connection, here.start, PER_PAGE)
    ids = {one for row in rows for one in (row["contributor"], row["target"]) if one}
    names = people.names(connection, ids)
    return Log(total, page, pages, [_act(row, names) for row in rows])


def _act(row: Mapping, names: Mapping[str, str]) -> Act:
    whom = names[row["target"]] if row["target"] else None
    say = SENTENCES.get(row["action"])
    what = say(row["payload"], whom) if say else row["action"]
    return Act(
        who=names[row["contributor"]],
        at=row["received_at"],
        what=what,
        details=_details(row),
        reason=row["reason"],
        prompt_id=row["prompt_id"],
    )


def _setting(told: Mapping, whom: str | None) -> str:
    if "from" not in told:
        return "began the sprint"
    words = {setting.name: setting.words for setting in SETTINGS}
    return f"changed {', '.join(words.get(name, name) for name in told['to'])}"


def _imported(told: Mapping, whom: str | None) -> str:
    if "added" not in told:
        return "took in what another server of the sprint had"
    return f"brought in {told['added']:,} prompts" + (f" from {told['file']}" if told.get("file") else "")


def _compared(told: Mapping, whom: str | None) -> str:
    return f"compared a prompt with another: {DECISIONS[told['decision']]}"


def _gold(told: Mapping, whom: str | None) -> str:
    return f"made a prompt gold: {told['to']}" if told.get("to") else "made a prompt gold no longer"


def _role(told: Mapping, whom: str | None) -> str:
    if whom is None:
        return "became an organizer, as the settings name them"
    return f"made {whom} an organizer" if told.get("to") else f"dismissed {whom} as an organizer"


# What to say of an act, by its payload and the name of whom it was done to.
SENTENCES: Mapping[str, Callable[[Mapping, str | None], str]] = {
    Action.SETTING: _setting,
    Action.IMPORTED: _imported,
    Action.UNDONE_IMPORT: lambda told, whom: f"took back an import of {told['prompts']:,} prompts",
    Action.COMPARED: _compared,
    Action.PUBLISHED: lambda told, whom: f"pushed {told['version']} of {told['to']} to the Hub",
    Action.ROLE: _role,
    Action.RETIRED: lambda told, whom: "retired a prompt",
    Action.RESTORED: lambda told, whom: "had a prompt handed out again",
    Action.EDITED: lambda told, whom: "edited the metadata of a prompt",
    Action.GOLD: _gold,
    Action.EXCLUDED: lambda told, whom: f"excluded {whom}",
    Action.READMITTED: lambda told, whom: f"readmitted {whom}",
    Action.SIGNED_OUT: lambda told, whom: f"signed out {whom or 'everybody'}",
}


def _details(row: Mapping) -> list[str]:
    told = row["payload"]
    if row["action"] == Action.SETTING:
        return [line for setting in SETTINGS for line in _of_setting(setting, told)]
    if row["action"] == Action.EDITED:
        return [
            f"from {json.dumps(told['from'], ensure_ascii=False)}",
            f"to {json.dumps(told['to'], ensure_ascii=False)}",
        ]
    if row["action"] == Action.SIGNED_OUT and "to" in told:
        return [f"all sessions from before {moment_in_words(told['to']['sessions_valid_from'])}"]
    return []


def _of_setting(setting: SprintSetting, told: Mapping) -> list[str]:
    after, before = told.get("to", told), told.get("from", {})
    if setting.name not in after:
        return []
    line = setting.told(after[setting.name])
    if setting.name in before:
        line = f"from {setting.told(before[setting.name])} to {line}"
    return [f"{setting.words}: {line}"]
