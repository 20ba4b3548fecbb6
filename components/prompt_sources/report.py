"""The import report: what came in, what was there before, and what was rejected for which reason and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.prompt_sources.rows import NEEDED, Rejection

# Of each reason; a file of a million bad rows still fits into memory and on a screen.
PLACES_KEPT = 20


@dataclass
class RejectedRows:
    """The rows that were rejected for one reason: how many, and the places of the first of them."""

    reason: str
    rows: int = 0
    places: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        left_out = self.rows - len(self.places)
        more = f" and {left_out:,} more" if left_out else ""
        return f"{self.rows:,} rejected ({', '.join(self.places)}{more}): {self.reason}"


@dataclass
class ImportReport:
    """What became of the rows of an origin.

    Attributes:
        file: What people call the origin.
        added: Rows that are new prompts.
        already_there: Rows that were in the store before, or earlier in the same origin.
        copies: Of the added ones, exact copies of other prompts, which are not rated beside them.
        ratings, people: Scores that came with them, and by how many people.
        left_out: Rows that were not wanted, by reason.
        rejected: By reason.
        import_id: What the import can be undone by; None if nothing came in.
    """

    file: str
    added: int = 0
    already_there: int = 0
    copies: int = 0
    ratings: int = 0
    people: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, RejectedRows] = field(default_factory=dict)
    import_id: str | None = None

    @property
    def rows_rejected(self) -> int:
        """How many rows were rejected, for whatever reason."""
        return sum(rejected.rows for rejected in self.rejected.values())

    @property
    def read(self) -> int:
        """How many rows there were."""
        return self.added + self.already_there + sum(self.left_out.values()) + self.rows_rejected

    @property
    def nothing_usable(self) -> bool:
        """Whether no row was a prompt."""
        return self.rows_rejected == self.read

    def kept(self, counted: Mapping[str, int]) -> None:
        """Note what the store was given: added, already_there, copies, ratings, people."""
        for name, number in counted.items():
            setattr(self, name, number)

    def reject(self, rejection: Rejection) -> None:
        """Count a row that was rejected."""
        rows = self.rejected.setdefault(rejection.reason, RejectedRows(rejection.reason))
        rows.rows += 1
        if len(rows.places) < PLACES_KEPT:
            rows.places.append(rejection.place)

    def sentences(self) -> list[str]:
        """The report as a person reads it, the most frequent reason first."""
        counts = f"{self.read:,} read, {self.added:,} added, {self.already_there:,} already there"
        sentences = [f"{self.file}: {counts}, {self.rows_rejected:,} rejected."]
        if self.copies:
            sentences.append(
                f"{self.copies:,} of them say exactly what another prompt does, and are rated there only."
            )
        if self.ratings:
            sentences.append(f"{self.ratings:,} ratings by {self.people:,} people came with them.")
        sentences += [f"{rows:,} left out: {reason}." for reason, rows in sorted(self.left_out.items())]
        by_rows = sorted(self.rejected.values(), key=lambda rejected: (-rejected.rows, rejected.reason))
        sentences += map(str, by_rows)
        if self.nothing_usable:
            needed = ", ".join(f"`{column}`" for column in NEEDED)
            sentences.append(
                f"No row of it is a prompt; each needs {needed}. A preview shows its columns, and "
                "what they can be taken for."
            )
        return sentences

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def as_dict(self) -> dict:
        """The report as a JSON document."""
        return {
            "file": self.file,
            "read": self.read,
            "added": self.added,
            "already_there": self.already_there,
            "copies": self.copies,
            "ratings": self.ratings,
            "people": self.people,
            "left_out": self.left_out,
            "rejected": self.rows_rejected,
            "reasons": [
                {"reason": rejected.reason, "rows": rejected.rows, "places": rejected.places}
                for rejected in self.rejected.values()
            ],
            "import_id": self.import_id,
        }
