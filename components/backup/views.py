"""What of the sprint is durable, live: browsers keep a rating until they read here that it is."""

from components.backup.durability import BACKED_UP, Durability
from components.live.moment import Moment
from components.live.view import View
from components.store import sprints, tallies

# Each start of a process makes one; what came from those before them is durable long since.
MOST_WRITERS = 300


def views(durability: Durability) -> tuple[View, ...]:
    """The views of this room."""

    def durable(moment: Moment) -> dict:
        epoch = moment.read(sprints.current).epoch
        if durability.when != BACKED_UP:
            return {"epoch": epoch, "durable": durability.when, "writers": {}}
        recent = moment.read(lambda connection: tallies.last_writers(connection, MOST_WRITERS))
        writers = {writer: durability.writers.get(writer, -1) for writer in recent}
        return {"epoch": epoch, "durable": durability.when, "writers": writers}

    return (View("durable", durable),)
