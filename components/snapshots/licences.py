"""The licences that prompts came with, and what follows for a dataset of all of them. No lawyer wrote this."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sort:
    """Licences that ask for the same.

    Attributes:
        pattern: What their names look like, in small letters.
        follows: What that means for whoever uses or passes on all of it.
    """

    pattern: str
    follows: str


# The first that fits; so what is narrower stands further up.
SORTS = (
    Sort(
        r"-nc\b|non-?commercial|research[- ]only",
        "parts may not be used commercially, so the whole may not either",
    ),
    Sort(r"-nd\b|no-?deriv", "parts may not be passed on changed, so keep them exactly as they are"),
    Sort(
        r"-sa\b|odbl|\b[al]?gpl|cdla-sharing|share-?alike",
        "parts have to keep their own licence, also in whatever is made of them",
    ),
    Sort(
        r"^(cc-by|mit|apache|bsd|isc|odc-by|cdla-permissive|ms-pl|ofl|postgresql|zlib)",
        "name the sources when you pass them on",
    ),
    Sort(r"^(cc0|cc-?0|pddl|unlicense|public[- ]domain|wtfpl)", ""),
)
UNSTATED = "some prompts came without a statement, so look it up at their source before you pass them on"
UNKNOWN = "some licences are not known here, so read them before you pass their prompts on"
# As the Hub spells those that a whole dataset often has.
ON_THE_HUB = re.compile(
    r"(apache-2\.0|mit|cc0-1\.0|cc-by(-nc)?(-sa|-nd)?-[234]\.0|odbl|odc-by|cdla-\w+-[12]\.0)"
)


def by_source(licences: Mapping[tuple[str, str], int]) -> list[tuple[str, list[tuple[str, int]]]]:
    """For each source, the licences of its prompts and how many have them; the sources with the most prompts first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for (source, licence), number in licences.items():
        found[source][licence] += number
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return [
        (source, sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) for source, counts in ordered
    ]


def consequences(licences: Mapping[tuple[str, str], int]) -> list[str]:
    """What follows for the whole, the narrowest first."""
    found = {_follows(licence) for _, licence in licences}
    return [sentence for sentence in _every() if sentence in found]


def on_the_hub(licences: Mapping[tuple[str, str], int]) -> str:
    """The one name the Hub has for the licence of the whole: that of all prompts if they agree, else `other`."""
    names = {licence.strip().lower() for _, licence in licences}
    [name] = names if len(names) == 1 else [""]
    return name if ON_THE_HUB.fullmatch(name) else "other"


def _every() -> Iterator[str]:
    narrow, wide = SORTS[:3], SORTS[3:]
    yield from (sort.follows for sort in narrow)
    yield UNSTATED
    yield UNKNOWN
    yield from (sort.follows for sort in wide if sort.follows)


def _follows(licence: str) -> str:
    if not licence.strip():
        return UNSTATED
    name = licence.strip().lower()
    return next((sort.follows for sort in SORTS if re.search(sort.pattern, name)), UNKNOWN)
