"""The import report: what came in, what was there before, and what was rejected for which reason and where."""

from collections.abc import Sequence
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
    """What became of a file's rows.

    Attributes:
        file: Its name, without folders.
        added: Rows that are new prompts.
        already_there: Rows that were in the store before, or earlier in the same file.
        rejected: By reason.
        damage: Why the file could not be read to its end, as a sentence, or None if it could.
    """

    file: str
    added: int = 0
    already_there: int = 0
    rejected: dict[str, RejectedRows] = field(default_factory=dict)
    damage: str | None = None

    @property
    def rows_rejected(self) -> int:
        """How many rows were rejected, for whatever reason."""
        return sum(rejected.rows for rejected in self.rejected.values())

    @property
    def read(self) -> int:
        """How many rows the file had."""
        return self.added + self.already_there + self.rows_rejected

    @property
    def nothing_usable(self) -> bool:
        """Whether no row of the file was a prompt."""
        return self.added + self.already_there == 0

    def count(self, added: Sequence[bool]) -> None:
        """Count prompts that the store was given, each added or already there."""
        self.added += sum(added)
        self.already_there += len(added) - sum(added)

    def reject(self, rejection: Rejection) -> None:
        """Count a row that was rejected."""
        rows = self.rejected.setdefault(rejection.reason, RejectedRows(rejection.reason))
        rows.rows += 1
        if len(rows.places) < PLACES_KEPT:
            rows.places.append(rejection.place)

    def break_off(self, last_place: str | None, reason: str) -> None:
        """Note that the file could not be read beyond a place, or, with None, at all."""
        where = f" further than {last_place}" if last_place else ""
        self.damage = f"The file could not be read{where} ({reason})."

    def sentences(self) -> list[str]:
        """The report as a person reads it, the most frequent reason first."""
        counts = f"{self.read:,} read, {self.added:,} added, {self.already_there:,} already there"
        sentences = [f"{self.file}: {counts}, {self.rows_rejected:,} rejected."]
        by_rows = sorted(self.rejected.values(), key=lambda rejected: (-rejected.rows, rejected.reason))
        sentences += map(str, by_rows)
        if self.damage:
            sentences.append(self.damage)
        if self.nothing_usable:
            needed = ", ".join(f"`{column}`" for column in NEEDED)
            sentences.append(f"No row of it is a prompt; each needs {needed}.")
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
            "rejected": self.rows_rejected,
            "reasons": [
                {"reason": rejected.reason, "rows": rejected.rows, "places": rejected.places}
                for rejected in self.rejected.values()
            ],
            "damage": self.damage,
        }
