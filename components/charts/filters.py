"""A filter of charts as it stands in a link, brought into one form, and in words."""

from collections.abc import Mapping, Sequence
from datetime import date

from components.charts.labels import count, listed, short_name
from components.records import KINDS, Filter

# More sentences than this help nobody.
MOST_NOTICES = 5
# Of the names a subtitle spells out.
MOST_NAMES = 2
LONGEST_SAID = 40


def read(asked: Mapping[str, Sequence[str]], rated: Sequence[Mapping]) -> tuple[Filter, list[str]]:
    """The filter a link asks for; what makes no sense is left out.

    The same choice always gives the same filter: names in order, and nothing that does not restrict.

    Args:
        asked: The values of `source`, `kind`, `from` and `to`, each as often as it came.
        rated: Of each source and kind that has ratings: source, kind, first, last.

    Returns:
        The filter, and a sentence about each thing that was left out.
    """
    notices: list[str] = []
    known = sorted({row["source"] for row in rated})
    sources = _known(asked.get("source", ()), known, "source", notices)
    kinds = _known(asked.get("kind", ()), KINDS, "kind", notices)
    if {row["kind"] for row in rated} <= {*kinds}:
        kinds = ()
    first, last = (_day(asked.get(name, ()), name, notices) for name in ("from", "to"))
    if first and last and first > last:
        notices.append("The first day lies after the last one; both are left out.")
        first = last = None
    if rated:
        first = first if first and first > min(row["first"] for row in rated) else None
        last = last if last and last < max(row["last"] for row in rated) else None
    if len(notices) > MOST_NOTICES:
        notices = [*notices[:MOST_NOTICES], f"{len(notices) - MOST_NOTICES} more values make no sense here."]
    return Filter(sources, kinds, first, last), notices


def as_query(chosen: Filter) -> dict[str, list[str]]:
    """A filter as it stands in a link: the values of each name."""
    return {
        "source": [*chosen.sources],
        "kind": [*chosen.kinds],
        "from": [chosen.first] if chosen.first else [],
        "to": [chosen.last] if chosen.last else [],
    }


def unfollowed(chosen: Filter, follows: Sequence[str]) -> list[str]:
    """What of a filter a chart cannot follow: "source", "kind", "time"."""
    restricted = {"source": chosen.sources, "kind": chosen.kinds, "time": chosen.first or chosen.last}
    return [what for what, restricts in restricted.items() if restricts and what not in follows]


def words_of(chosen: Filter) -> list[str]:
    """What a filter leaves, a few words for each part of it."""
    said = []
    if chosen.sources:
        names = [short_name(name) for name in chosen.sources[:MOST_NAMES]]
        more = len(chosen.sources) - len(names)
        said.append(f"only {listed([*names, *([count(more, 'other source')] if more else [])])}")
    if chosen.kinds:
        said.append(f"only {listed(chosen.kinds)} prompts")
    first, last = (day and _words(day) for day in (chosen.first, chosen.last))
    if first and last:
        said.append(f"{first} (UTC)" if first == last else f"{first} to {last} (UTC)")
    elif first or last:
        said.append(f"from {first} (UTC)" if first else f"until {last} (UTC)")
    return said


def _known(asked: Sequence[str], known: Sequence[str], what: str, notices: list[str]) -> tuple[str, ...]:
    wanted = {*asked}
    for name in sorted(wanted - {*known}):
        where = "has ratings" if what == "source" else "is known"
        notices.append(f'No {what} "{_cut(name)}" {where}; it is left out.')
    chosen = tuple(name for name in known if name in wanted)
    return () if len(chosen) == len(known) else chosen


def _day(asked: Sequence[str], what: str, notices: list[str]) -> str | None:
    if not asked or not asked[-1]:
        return None
    text = asked[-1]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        notices.append(f'"{_cut(text)}" is no day such as 2026-03-01; "{what}" is left out.')
        return None
    return text


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"


def _words(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment.day} {moment:%B %Y}"
