"""Shapes: how a dataset says what a prompt is, whatever format its file has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from components.prompt_sources.rows import Record


def as_it_is(values: Mapping[str, object]) -> Record:
    """A row whose columns have our names already."""
    return Record(values)


@dataclass(frozen=True)
class Shape:
    """One way to write prompts down.

    Attributes:
        name: What people call the dataset.
        about: What its rows hold, for whoever has to choose.
        columns: It is recognised by having all of these.
        read: From the values of a row to those in our columns, and the ratings in them.
        constants: What all its rows have in common; whoever imports may say otherwise.
        without: It is not recognised where one of these is there.
    """

    name: str
    about: str
    columns: frozenset[str]
    read: Callable[[Mapping[str, object]], Record] = as_it_is
    constants: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    def takes(self, values: Mapping[str, object]) -> bool:
        """Whether a row is of this shape."""
        return self.columns <= values.keys() and self.without.isdisjoint(values)
