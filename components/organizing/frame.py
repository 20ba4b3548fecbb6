"""The frame of the organizers' tab: sections of which one is open at a time."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """One section of the tab Organize.

    Attributes:
        name: In the address, `?tab=organize&section=moderation`.
        title: On the page.
        panel: Puts it there.
    """

    name: str
    title: str
    panel: Callable[[], object]
