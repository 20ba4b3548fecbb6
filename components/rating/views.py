"""What contributors may choose to rate, live: how many open prompts there are of each length and language."""

from collections import Counter

from sqlalchemy import Connection

from components.live.moment import Moment
from components.live.view import View
from components.rating.guidelines import default_guidelines, to_page
from components.records import Cell
from components.store import queue, sprints


def choices(moment: Moment) -> dict:
    """Open prompts: any, short, long, and for each known language, most prompts first."""
    lengths: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for cell, prompts in moment.read(_open_cells):
        lengths[cell.length] += prompts
        if cell.language:
            languages[cell.language] += prompts
    return {
        "any": lengths.total(),
        "short": lengths["short"],
        "long": lengths["long"],
        "languages": [
            {"language": language, "prompts": prompts} for language, prompts in languages.most_common()
        ],
    }


def _open_cells(connection: Connection) -> list[tuple[Cell, int]]:
    return queue.open_cells(connection, sprints.current(connection).ratings_per_prompt)


def guidelines(moment: Moment) -> dict:
    """How to rate, as HTML."""
    return {"html": to_page(moment.read(sprints.guidelines) or default_guidelines())}


VIEWS = (View("choices", choices), View("guidelines", guidelines))
