"""How far what was confirmed would outlive this machine: what an answer to a rating promises."""

from collections.abc import Callable, Mapping

from components.settings import Settings

# A commit is all it takes: the disk is as safe as the sprint wants it, or the database is a server's.
COMMITTED = "committed"
# Only what the backup holds outlives the disk.
BACKED_UP = "backed_up"
# The disk is emptied at every restart, and there is no backup.
NEVER = "never"


def durable_when(settings: Settings) -> str:
    """When an event of a sprint with these settings is durable."""
    if not settings.on_sqlite:
        return COMMITTED
    if settings.backup_to:
        return BACKED_UP
    return NEVER if settings.on_a_space else COMMITTED


class Durability:
    """Up to which number the events of each writer are durable."""

    def __init__(self, when: str) -> None:
        """Begin with nothing in the backup.

        Args:
            when: COMMITTED, BACKED_UP or NEVER.
        """
        self.when = when
        self.writers: Mapping[str, int] = {}
        self._changed: Callable[[], None] = lambda: None

    def on_change(self, changed: Callable[[], None]) -> None:
        """Name whom to tell when the backup holds more."""
        self._changed = changed

    def of(self, writer: str, committed: int) -> int | None:
        """Up to which number a writer's events are durable, and all that it found in the store.

        -1 as long as nothing is known of that; None if no event ever is.

        Args:
            committed: Up to which number they are committed.
        """
        if self.when == COMMITTED:
            return committed
        return self.writers.get(writer, -1) if self.when == BACKED_UP else None

    def confirm(self, writers: Mapping[str, int]) -> None:
        """Note what the backup holds of each writer now."""
        if writers != self.writers:
            self.writers = dict(writers)
            self._changed()
