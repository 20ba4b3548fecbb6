"""The tables of a snapshot: what `load_dataset(name, configuration)` reads, their columns and what these mean."""

import json
from dataclasses import dataclass, replace

import pyarrow as pa

# The one file of each configuration's only split, named as the Hub names them.
FILE = "{folder}/train-00000-of-00001.parquet"

ARROW = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "timestamp[ms, tz=UTC]": pa.timestamp("ms", "UTC"),
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        type: A name in `ARROW`, as `datasets.Value` knows it; `[type]` is a list of it, a dict a record of them.
        meaning: What the card says about it.
    """

    name: str
    type: str | list | dict
    meaning: str

    @property
    def type_words(self) -> str:
        """The type as the card spells it."""
        return _type_words(self.type)


@dataclass(frozen=True)
class Configuration:
    """One table of the dataset, and the folder it lies in."""

    name: str
    folder: str
    about: str
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        """Where its Parquet file is inside a snapshot."""
        return FILE.format(folder=self.folder)

    def schema(self) -> pa.Schema:
        """The Arrow schema, with the dataset's features in its metadata for `load_dataset` to find.

        As `datasets.Features` makes it: importing that takes most of a second and 90 MB.
        """
        features = {column.name: _feature(column.type) for column in self.columns}
        told = json.dumps({"info": {"features": features}})
        fields = [pa.field(column.name, _arrow(column.type)) for column in self.columns]
        return pa.schema(fields, {"huggingface": told})


DEFAULT = Configuration(
    "default",
    "data",
    "one row for each prompt that somebody has rated",
    (
        Column("prompt", "string", "The prompt, exactly as it was rated."),
        Column(
            "quality",
            [{"user_id": "string", "value": "string", "status": "string"}],
            "The ratings: the contributor's pseudonym, the score **counted from zero and as text** "
            '(a score of 5 is `"4"`), and `submitted`.',
        ),
        Column(
            "metadata",
            "string",
            "A JSON object: `evolved_from`, `kind`, `source`, then whatever else came with the prompt, "
            "and `context` where it refers to a passage.",
        ),
        Column("avg_rating", "float64", "The mean of `raw_responses`; null if nobody rated the prompt."),
        Column("num_responses", "int64", "How many contributors rated it."),
        Column(
            "agreement_ratio",
            "float64",
            "(share of the most common score - 1/5) / (1 - 1/5); 1.0 for a single rating. Kept for "
            "compatibility: it depends on the number of ratings and ignores how far apart scores are.",
        ),
        Column("raw_responses", ["int64"], "The scores, 1 to 5, in the order of `quality`."),
        Column("kind", "string", "`human`, `synthetic`, or `unknown` where the source does not say."),
        Column("cluster_description", "string", "A topic map's description of its cluster; may be null."),
        Column("topic", "string", "A topic map's name of its topic; may be null."),
    ),
)

# Asked for with a snapshot, they stand after the others in `default` and `best`.
SCORED = (
    Column("median_rating", "float64", "The median of `raw_responses`."),
    Column(
        "adjusted_mean",
        "float64",
        "The mean with the severity of each contributor taken out; may leave 1 to 5. Null where severity cannot be "
        "told: nobody rated it, or too few prompts have several ratings that differ.",
    ),
    Column("adjusted_mean_error", "float64", "Its standard error; null where it is."),
    Column(
        "dawid_skene_score",
        "float64",
        "The expected true score after Dawid and Skene, where everybody confuses scores in their own way, which are "
        "mere names: not nearer to the truth in points than the mean.",
    ),
    Column(
        "dawid_skene_error",
        "float64",
        "The standard deviation of that true score, if the model is right: far too small, and no interval. Null with "
        "fewer than three ratings, or where all are one score.",
    ),
    Column(
        "graded_score",
        "float64",
        "The score contributors who read it would give on average, by a graded response model that knows severity, "
        "noise and carelessness of each, and the order of scores: the one to use.",
    ),
    Column("graded_low", "float64", "The lower end of its 95 % interval."),
    Column("graded_high", "float64", "The upper end."),
)

BEST = Configuration(
    "best",
    "best",
    "the rows of `default` that pass the filter below",
    DEFAULT.columns,
)

EVENTS = Configuration(
    "events",
    "events",
    "one row for each thing a contributor did to a prompt: ratings they changed later, skips, flags and "
    "withdrawals included",
    (
        Column("prompt_id", "string", "Which prompt, as in `prompts`."),
        Column("user_id", "string", "The contributor's pseudonym, as in `quality`."),
        Column(
            "action",
            "string",
            "`rated`, `skipped`, `discarded` (not equipped to judge it), `flagged`, `withdrawn`, `undone` (took "
            "back what they did before), or `rated_again` (what they gave when a prompt they had rated was shown once "
            "more; it is no rating, and shows how far they agree with themselves).",
        ),
        Column(
            "score",
            "int64",
            "1 to 5 for `rated` and `rated_again`, else null; null, too, where the contributor took the score back.",
        ),
        Column("reason", "string", "Why it was flagged, else null."),
        Column(
            "shown_ms",
            "int64",
            "How long the prompt was on the screen, in milliseconds, by the device; may be null.",
        ),
        Column("at", "timestamp[ms, tz=UTC]", "When it happened, cut to the hour."),
        Column("is_current", "bool", "Whether this is what the contributor thinks of the prompt now."),
        Column("is_late", "bool", "Whether it came in after the sprint had closed."),
    ),
)

PROMPTS = Configuration(
    "prompts",
    "prompts",
    "one row for each prompt of the sprint, rated or not",
    (
        Column("prompt_id", "string", "The same in every snapshot."),
        Column("prompt", "string", "As in the default configuration."),
        Column("context", "string", "A passage the prompt refers to, shown with it; may be null."),
        Column("source", "string", "Where the prompt comes from."),
        Column("kind", "string", "As in the default configuration."),
        Column("metadata", "string", "As in the default configuration."),
        Column("cluster_description", "string", "As in the default configuration."),
        Column("topic", "string", "As in the default configuration."),
    ),
)

CONTRIBUTORS = Configuration(
    "contributors",
    "contributors",
    "one row for each contributor who asked to be named",
    (
        Column("name", "string", "The name they go by."),
        Column("username", "string", "Their username where they signed in; null for a nickname."),
        Column("profile", "string", "The address of their profile; null if there is none."),
    ),
)


def scored(configuration: Configuration) -> Configuration:
    """A configuration as it is with the aggregated scores."""
    if configuration not in (DEFAULT, BEST):
        return configuration
    return replace(configuration, columns=(*configuration.columns, *SCORED))


CONFIGURATIONS = (DEFAULT, BEST, EVENTS, PROMPTS, CONTRIBUTORS)


def _type_words(type_: str | list | dict) -> str:
    if isinstance(type_, list):
        return f"list of {_type_words(type_[0])}"
    if isinstance(type_, dict):
        return "{" + ", ".join(f"{name}: {_type_words(part)}" for name, part in type_.items()) + "}"
    return type_


def _feature(type_: str | list | dict) -> dict:
    if isinstance(type_, list):
        return {"feature": _feature(type_[0]), "_type": "List"}
    if isinstance(type_, dict):
        return {name: _feature(part) for name, part in type_.items()}
    return {"dtype": type_, "_type": "Value"}


def _arrow(type_: str | list | dict) -> pa.DataType:
    if isinstance(type_, list):
        return pa.list_(_arrow(type_[0]))
    if isinstance(type_, dict):
        return pa.struct([(name, _arrow(part)) for name, part in type_.items()])
    return ARROW[type_]
