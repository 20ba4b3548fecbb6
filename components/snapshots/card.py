"""The dataset card: the README.md of a snapshot, with the numbers of that snapshot and no others."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import yaml
from jinja2 import Environment, StrictUndefined

from components.agreement.alpha import alpha_interval
from components.records import DAY_MS, FLAG_REASONS, KINDS, SCORE_WORDS, SCORES, Sprint
from components.snapshots import licences
from components.snapshots.citation import bibtex
from components.snapshots.configurations import BEST, CONTRIBUTORS, DEFAULT, Configuration
from components.snapshots.difference import Difference
from components.snapshots.figures import Figure
from components.snapshots.folder import MARK
from components.snapshots.numbers import Numbers
from components.snapshots.text import fenced, plain, shown
from components.store.tallies import utc_day

TEMPLATE = Path(__file__).parent.parent.parent / "assets" / "dataset_card.md"

# The Hub's names for how large a dataset is.
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)
LARGEST_SIZE = "100M<n<1B"

LONGEST_TABLE = 100
# The same samples each time: as long as nothing happens, the card stays the same.
SEED = 20260301
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Facts:
    """What a card tells besides the numbers.

    Attributes:
        made_at: The beginning of the hour that the newest of it is of, in epoch milliseconds.
        written: The configurations that are in it.
        filter: What the rows of `best` pass, in words.
        figures: Those that are drawn.
        others: Names of formats it is in besides Parquet, and their folders.
        version: Its tag, or empty.
        repository: Its name on the Hub, or empty.
        credits: Contributors who asked to be named: name, username, profile.
        difference: What changed since the last snapshot; None if this is the first.
        scores: Whether the aggregated scores are in it.
        own_guidelines: Whether organizers wrote the guidelines; else they are those that come with the sprint.
        guidelines_since: When they were last changed, in epoch milliseconds; None if they never were.
        rated_before_them: Whether somebody had rated something here by then.
    """

    sprint: Sprint
    made_at: int
    written: Sequence[Configuration]
    include_unrated: bool
    filter: str
    figures: Sequence[Figure]
    others: Sequence[str] = ()
    public_address: str = ""
    version: str = ""
    repository: str = ""
    credits: Sequence[Mapping[str, str | None]] = ()
    difference: Difference | None = None
    scores: bool = False
    own_guidelines: bool = False
    guidelines_since: int | None = None
    rated_before_them: bool = False


def template() -> str:
    """The card before it is filled in."""
    return TEMPLATE.read_text("utf-8")


def render(template: str, numbers: Numbers, facts: Facts) -> str:
    """Fill in the card."""
    made = datetime.fromtimestamp(facts.made_at / 1000, UTC)
    title = " ".join(facts.sprint.title.split())
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    card = environment.from_string(template).render(
        card_data=yaml.safe_dump(_head(numbers, facts, title), sort_keys=False, allow_unicode=True).strip(),
        mark=MARK,
        title=plain(title),
        made=f"{made:%Y-%m-%d}, in the hour from {made:%H:%M} UTC",
        facts=facts,
        starts=_moment(facts.sprint.starts_at),
        ends=_end(facts.sprint.ends_at),
        guidelines_since=_moment(facts.guidelines_since),
        first_day=_day(min(numbers.days, default=None)),
        last_day=_day(max(numbers.days, default=None)),
        numbers=numbers,
        sources=_sources(numbers),
        licences=[
            (plain(source), [(plain(name) or "not stated", count) for name, count in found])
            for source, found in licences.by_source(numbers.licences)[:LONGEST_TABLE]
        ],
        consequences=licences.consequences(numbers.licences),
        language_names=_most_common(numbers.languages),
        kinds=_kinds(numbers),
        ratings_per_prompt=sorted(numbers.ratings_per_prompt.items()),
        scores=SCORES,
        score_words=SCORE_WORDS,
        agreement=_agreement(numbers),
        concentration=_concentration(numbers),
        removed=_removed(numbers),
        excluded=[
            (plain(reason) or "no reason given", people)
            for reason, people in sorted(numbers.excluded.items())
        ],
        moved=[(plain(text), before, after) for text, before, after in _largest(facts.difference)],
        credits=[(plain(one["name"]), plain(one["username"] or one["name"])) for one in facts.credits],
        default=DEFAULT,
        best=BEST,
        has_best=any(one.name == BEST.name for one in facts.written),
        contributors=CONTRIBUTORS,
        example=numbers.example and fenced(shown(numbers.example), "json"),
        citation=fenced(bibtex(title, made, facts.version, facts.public_address), "bibtex"),
        name=facts.repository or "FOLDER_OR_NAME",
    )
    return f"{card.rstrip()}\n"


def _head(numbers: Numbers, facts: Facts, title: str) -> dict[str, object]:
    languages = [name for name, _ in numbers.languages.most_common() if LANGUAGE_CODE.fullmatch(name)]
    head: dict[str, object] = {
        "pretty_name": title,
        "language": sorted(languages),
        "license": licences.on_the_hub(numbers.licences),
        "annotations_creators": ["crowdsourced"],
        "size_categories": [next((name for most, name in SIZES if numbers.rows < most), LARGEST_SIZE)],
        "tags": ["prompts", "human-feedback", "prompt-sprint"],
        "configs": [
            {
                "config_name": configuration.name,
                "data_files": [{"split": "train", "path": f"{configuration.folder}/train-*"}],
            }
            | ({"default": True} if configuration.name == DEFAULT.name else {})
            for configuration in facts.written
        ],
    }
    return {name: value for name, value in head.items() if value}


def _moment(moment: int | None) -> str:
    return "" if moment is None else f"{datetime.fromtimestamp(moment / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _end(moment: int | None) -> str:
    """At midnight, the day that is over then."""
    if moment is None or moment % DAY_MS:
        return _moment(moment)
    return f"{_day(moment // DAY_MS - 1)} 24:00 UTC"


def _day(day: int | None) -> str:
    return "" if day is None else utc_day(day * DAY_MS)


def _most_common(counts: Counter[str]) -> list[tuple[str, int]]:
    """Names and counts for a table, the most frequent first, the many rare ones of a long list as one."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [(plain(name), number) for name, number in ordered[:LONGEST_TABLE]]
    rest = ordered[LONGEST_TABLE:]
    return told + ([(f"{len(rest):,} more", sum(number for _, number in rest))] if rest else [])


def _sources(numbers: Numbers) -> list[tuple[str, int, int, str]]:
    """Each source: its prompts, its ratings and their mean."""
    found = []
    for source, prompts in sorted(numbers.sources.items(), key=lambda pair: (-pair[1], pair[0]))[
        :LONGEST_TABLE
    ]:
        counts = numbers.source_ratings[source].tolist()
        ratings = sum(counts)
        total = sum(score * number for score, number in zip(SCORES, counts, strict=True))
        found.append((plain(source), prompts, ratings, f"{total / ratings:.2f}" if ratings else ""))
    if rest := len(numbers.sources) - len(found):
        prompts = numbers.rows - sum(row[1] for row in found)
        found.append((f"{rest:,} more", prompts, numbers.ratings - sum(row[2] for row in found), ""))
    return found


def _kinds(numbers: Numbers) -> list[dict[str, object]]:
    """One row for each kind: its prompts, its ratings by score, and the mean of its prompts' averages."""
    table = []
    for kind in KINDS:
        average = numbers.averages.get(kind)
        margin = average and average.margin
        mean = "" if average is None else f"{average.mean:.2f}"
        table.append(
            {
                "kind": kind,
                "prompts": numbers.kinds[kind],
                "ratings": sum(numbers.scores[kind, score] for score in SCORES),
                "scores": [numbers.scores[kind, score] for score in SCORES],
                "mean": mean if margin is None else f"{mean} ± {margin:.2f}",
            }
        )
    return table


def _agreement(numbers: Numbers) -> dict[str, object] | None:
    """How far raters of one prompt agree, beside what chance would give; None where no prompt has two ratings."""
    found = numbers.agreement
    if not found.pairs:
        return None
    totals = [sum(numbers.scores[kind, score] for kind in KINDS) for score in SCORES]
    same, near = found.by_chance(totals)
    return {
        "prompts": found.prompts,
        "pairs": found.pairs,
        "same": percent(found.same / found.pairs),
        "near": percent(found.near / found.pairs),
        "same_by_chance": percent(same),
        "near_by_chance": percent(near),
        "ratio": f"{found.ratio:.3f}",
        "alpha": alpha_interval(found.patterns, np.random.default_rng(SEED)).sentence,
    }


def _concentration(numbers: Numbers) -> dict[str, object] | None:
    """How evenly the ratings come from the contributors; None as long as there are none."""
    given = sorted(numbers.by_person[numbers.by_person > 0].tolist(), reverse=True)
    if not given:
        return None
    so_far, half = 0, 0
    while so_far * 2 < numbers.ratings:
        so_far += given[half]
        half += 1
    tenth = max(1, round(len(given) / 10))
    return {
        "most": given[0],
        "most_share": percent(given[0] / numbers.ratings),
        "tenth": tenth,
        "tenth_share": percent(sum(given[:tenth]) / numbers.ratings),
        "half": half,
        "median": given[len(given) // 2],
    }


def _removed(numbers: Numbers) -> list[tuple[str, int]]:
    """Why prompts are left out, in words, and how many."""
    told: Counter[str] = Counter()
    for reason, number in numbers.removed.items():
        sort, _, why = reason.partition(": ")
        if sort == "flagged":
            told[f"flagged by several people as {FLAG_REASONS[why].lower()}, not decided yet"] += number
        else:
            told[f"taken out by the organizers: {plain(why)}" if why else "taken out by the organizers"] += (
                number
            )
    return sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))


def _largest(difference: Difference | None) -> list[tuple[str, float, float]]:
    return difference.largest if difference else []


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f} %"
