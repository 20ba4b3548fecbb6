"""What a view is: a named JSON document that every page can show, computed from one moment of the store."""

from collections.abc import Callable
from dataclasses import dataclass

from components.live.moment import Moment


@dataclass(frozen=True)
class View:
    """A live document.

    Attributes:
        name: What it is called in `GET /api/views/{name}`.
        compute: Makes the document from one moment of the store, out of tallies, never by
            scanning ratings. What it returns must be JSON and the same for everybody.
    """

    name: str
    compute: Callable[[Moment], dict]
