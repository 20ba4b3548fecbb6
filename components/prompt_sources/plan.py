"""The plan of an import: what the columns mean, what all rows have in common, and which are wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from components.errors import BadRequest
from components.prompt_sources.catalog import TABLE, shape_named, shape_of
from components.prompt_sources.guess import columns_of
from components.prompt_sources.language import CODES
from components.prompt_sources.rows import Record, Rejection, Row, Unusable, prompt_of
from components.prompt_sources.shape import Shape
from components.records import KINDS, Prompt

# What a prompt is made of, besides what is kept as metadata.
OURS = ("prompt", "source", "kind", "id", "context")
CONSTANTS = ("source", "kind")


@dataclass(frozen=True)
class Plan:
    """How rows become prompts.

    Attributes:
        shape: The name of a shape in the catalog; empty to find out from the rows.
        columns: For some of `OURS`, what the column is called; `a.0.b` reaches into what a column holds.
        constants: Source or kind of every row, whatever it says.
        metadata: Which other columns are kept; None for all of them.
        shortest, longest: Of the prompt, in characters.
        languages: Codes such as "en"; what is surely in another language is left out.
        sample: So many prompts at most, of each source its share.
        each_copy: Whether exact copies of other prompts are to be rated, too.
    """

    shape: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    metadata: tuple[str, ...] | None = None
    shortest: int = 0
    longest: int | None = None
    languages: tuple[str, ...] = ()
    sample: int | None = None
    each_copy: bool = False

    @property
    def filters(self) -> bool:
        """Whether some prompts are left out for what they are."""
        return bool(self.shortest or self.longest is not None or self.languages)

    def check(self) -> None:
        """Look whether it can be followed.

        Raises:
            BadRequest: It cannot; the message says what can.
        """
        if self.shape:
            shape_named(self.shape)
        for known, named in ((OURS, self.columns), (CONSTANTS, self.constants)):
            unknown = [name for name in named if name not in known]
            if unknown:
                raise BadRequest(f"{unknown[0]} is none of {', '.join(known)}.")
        if self.constants.get("kind", KINDS[0]) not in KINDS:
            raise BadRequest(f"The kind is one of {', '.join(KINDS)}.")
        if self.longest is not None and self.longest < self.shortest:
            raise BadRequest("No prompt is at once longer than the least and shorter than the most.")
        unknown = [code for code in self.languages if code not in CODES]
        if unknown:
            raise BadRequest(
                f"{unknown[0]!r} is no code of a language known here; write en, not english. Known are "
                f"{', '.join(sorted(CODES))}."
            )
        if self.sample is not None and self.sample < 1:
            raise BadRequest("A sample has at least one prompt.")

    def shape_for(self, first: Sequence[Row], name: str) -> Shape:
        """The shape of a file, by its first rows.

        Raises:
            BadRequest: It lacks a column that is named.
        """
        shape = shape_named(self.shape) if self.shape else None
        values = [row.values for row in first]
        if shape is None:
            known = next(filter(None, map(shape_of, values)), None)
            # Who names the column of the prompt describes a table, whatever it looks like to us.
            shape = TABLE if known is None or "prompt" in self.columns else known
        there = columns_of(values)
        for column in (*self.columns.values(), *(self.metadata or ())):
            if values and column not in there and column.partition(".")[0] not in there:
                raise BadRequest(f"{name} has no column {column}; it has {', '.join(there)}.")
        return shape

    def prompt(self, row: Row | Rejection, shape: Shape) -> tuple[Prompt, Record] | Rejection:
        """The prompt a row is, with all that it says, or why it cannot be one."""
        if isinstance(row, Rejection):
            return row
        try:
            record = self.record(row, shape)
        except Unusable as unusable:
            return Rejection(row.place, str(unusable))
        outcome = prompt_of(Row(row.place, record.values))
        return outcome if isinstance(outcome, Rejection) else (outcome, record)

    def record(self, row: Row, shape: Shape) -> Record:
        """What a row says, in our columns.

        Raises:
            Unusable: It cannot be read.
        """
        record = shape.read(row.values)
        if not self.columns and not self.constants and not shape.constants and self.metadata is None:
            return record
        values = dict(record.values)
        taken = {name: value_at(row.values, column) for name, column in self.columns.items()}
        for name, column in self.columns.items():
            values.pop(column, None)
            if name in values and column != name:
                values[f"other_{name}"] = values.pop(name)
        if self.metadata is not None:
            values = {name: value for name, value in values.items() if name in OURS or name in self.metadata}
        constants = {**shape.constants, **self.constants}
        # What a dataset has in common gives way to a column that somebody named.
        constants = {
            name: value
            for name, value in constants.items()
            if name in self.constants or name not in self.columns
        }
        return Record(values | taken | constants, record.ratings, record.rated)


def value_at(values: Mapping[str, object], column: str) -> object:
    """What stands in a column, or at a place in it such as `messages.0.content`; None if nothing does."""
    if column in values:
        return values[column]
    value: object = values
    for step in column.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
