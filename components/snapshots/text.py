"""Text that others wrote, put into Markdown so that it shows and does nothing else."""

import json
import re
from collections.abc import Mapping

# What Markdown, and the Hub's formulas between dollars, might take for more than text. Tables split at
# pipes before they look at backslashes, so those two are written as numbers.
ESCAPES = {ord(character): f"\\{character}" for character in "`*_[]<>~$&"} | {92: "&#92;", 124: "&#124;"}
LONGEST_NAME = 100
LONGEST_VALUE = 600


def plain(text: str) -> str:
    """Somebody's text as one line of Markdown, and one cell of a table, that shows it and does nothing else."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    if len(line) > LONGEST_NAME:
        line = f"{line[: LONGEST_NAME - 1]}…"
    return line.translate(ESCAPES)


def fenced(text: str, language: str) -> str:
    """A block of code that ends where it should, whatever stands in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def shown(row: Mapping) -> str:
    """A row as JSON, a line for each column, long texts cut, and nothing in it that could turn the direction of what follows."""
    lines = (
        f"  {json.dumps(name)}: {json.dumps(_cut(value) if isinstance(value, str) else value, ensure_ascii=False)}"
        for name, value in row.items()
    )
    told = "{\n" + ",\n".join(lines) + "\n}"
    return "".join(
        character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]
        for character in told
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
