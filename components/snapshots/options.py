"""What organizers may choose about a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.errors import BadSetting
from components.snapshots.choosing import BEST, Filter
from components.snapshots.formats import MORE


@dataclass(frozen=True)
class Options:
    """How a snapshot is made.

    Attributes:
        include_unrated: Whether prompts nobody rated are in the default configuration, too.
        best: The filter of the configuration `best`; empty for none.
        formats: Names of formats besides Parquet.
        scores: Whether the aggregated scores stand beside the ratings.
    """

    include_unrated: bool = False
    best: str = BEST
    formats: tuple[str, ...] = ()
    scores: bool = False

    @property
    def filter(self) -> Filter | None:
        """The filter, read."""
        return Filter(self.best) if self.best else None


def options(
    include_unrated: bool = False,
    best: str | None = None,
    formats: Sequence[str] = (),
    scores: bool = False,
) -> Options:
    """Options that can be used.

    Args:
        best: A filter, `none`, or None for the usual one.

    Raises:
        BadSetting: One of them cannot; the message says what can.
    """
    for name in formats:
        if name not in MORE:
            raise BadSetting(
                f"{name!r} is no format of a dataset; besides Parquet there are {', '.join(MORE)}."
            )
    ordered = tuple(name for name in MORE if name in formats)
    best = BEST if best is None else best
    filter_ = None if best.strip() in ("", "none") else Filter(best)
    if filter_ and "graded_score" in filter_.names and not scores:
        raise BadSetting(
            "A filter over graded_score needs the aggregated scores; ask for them, too (--scores)."
        )
    return Options(include_unrated, filter_.words if filter_ else "", ordered, scores)
