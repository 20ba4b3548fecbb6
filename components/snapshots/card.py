"""The dataset card: the README.md of a snapshot, with the numbers of that snapshot and no others."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from components.records import KINDS, SCORE_WORDS, SCORES, Sprint
from components.snapshots.folder import MARK
from components.snapshots.formats import CONFIGURATIONS, DEFAULT
from components.snapshots.numbers import Numbers

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

# What Markdown, and the Hub's formulas between dollars, might take for more than text. Tables split at
# pipes before they look at backslashes, so those two are written as numbers.
ESCAPES = {ord(character): f"\\{character}" for character in "`*_[]<>~$&"} | {92: "&#92;", 124: "&#124;"}
LONGEST_NAME = 100
LONGEST_TABLE = 100
LONGEST_VALUE = 600
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")


def template() -> str:
    """The card before it is filled in."""
    return TEMPLATE.read_text("utf-8")


def render(
    template: str,
    numbers: Numbers,
    sprint: Sprint,
    made_at: int,
    include_unrated: bool,
    public_address: str,
) -> str:
    """Fill in the card."""
    # With its templates it takes longer to import than all else that the command line needs.
    from huggingface_hub import DatasetCard, DatasetCardData

    made = datetime.fromtimestamp(made_at / 1000, UTC)
    title = " ".join(sprint.title.split())
    card = DatasetCard.from_template(
        DatasetCardData(**_head(numbers, title)),
        template_str=template,
        mark=MARK,
        title=plain(title),
        made=f"{made:%Y-%m-%d %H:%M} UTC",
        public_address=public_address,
        include_unrated=include_unrated,
        numbers=numbers,
        sources=_most_common(numbers.sources),
        licences=_most_common(numbers.licences),
        language_names=_most_common(numbers.languages),
        kinds=_kinds(numbers),
        ratings_per_prompt=sorted(numbers.ratings_per_prompt.items()),
        scores=SCORES,
        score_words=SCORE_WORDS,
        default=DEFAULT,
        configurations=CONFIGURATIONS,
        example=numbers.example and fenced(_shown(numbers.example), "json"),
        citation=fenced(_citation(title, made, public_address), "bibtex"),
    )
    return f"{str(card).rstrip()}\n"


def _head(numbers: Numbers, title: str) -> dict[str, object]:
    languages = [name for name, _ in numbers.languages.most_common() if LANGUAGE_CODE.fullmatch(name)]
    return {
        "pretty_name": title,
        "language": languages or None,
        # Prompts keep the licences of their sources, so there is no single one to name.
        "license": "other",
        "annotations_creators": ["crowdsourced"],
        "size_categories": [next((name for most, name in SIZES if numbers.rows < most), LARGEST_SIZE)],
        "tags": ["prompts", "human-feedback", "prompt-sprint"],
        "configs": [
            {
                "config_name": configuration.name,
                "data_files": [{"split": "train", "path": f"{configuration.folder}/train-*"}],
            }
            | ({"default": True} if configuration is DEFAULT else {})
            for configuration in CONFIGURATIONS
        ],
    }


def _most_common(counts: Counter[str]) -> list[tuple[str, int]]:
    """Names and counts for a table, the most frequent first, the many rare ones of a long list as one."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(plain(name), number) for name, number in ordered[:LONGEST_TABLE]]
    rest = ordered[LONGEST_TABLE:]
    return shown + ([(f"{len(rest):,} more", sum(number for _, number in rest))] if rest else [])


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


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """Somebody's text as one line of Markdown, and one cell of a table, that shows it and does nothing else."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    if len(line) > longest:
        line = f"{line[: longest - 1]}…"
    return line.translate(ESCAPES)


def fenced(text: str, language: str) -> str:
    """A block of code that ends where it should, whatever stands in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _shown(row: Mapping) -> str:
    """A row as JSON, a line for each column, long texts cut, and nothing in it that could turn the direction of what follows."""
    lines = (
        f"  {json.dumps(name)}: {json.dumps(_cut(value) if isinstance(value, str) else value, ensure_ascii=False)}"
        for name, value in row.items()
    )
    shown = "{\n" + ",\n".join(lines) + "\n}"
    return "".join(
        character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]
        for character in shown
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _citation(title: str, made: datetime, public_address: str) -> str:
    name = re.sub(r"[{}\\%#$&_^~]", " ", title)
    fields = {
        "title": f"{name}: ratings of prompts",
        "author": f"{{The contributors of {name}}}",
        "year": made.year,
        "note": f"Snapshot of {made:%Y-%m-%d}",
    }
    if public_address:
        fields["url"] = public_address
    lines = [f"  {field} = {{{value}}}" for field, value in fields.items()]
    return f"@misc{{prompt-sprint-{made.year},\n" + ",\n".join(lines) + "\n}"
