"""The tail: what the store has and the backup does not, cut into segments."""

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from components.backup.inventory import Inventory
from components.backup.segments import EVENTS, Head, Packer, Segment
from components.store import transfers
from components.store.transfers import TABLES

# More than anybody waits for in one segment; the rest goes with the next.
MOST_EVENTS = 50_000
# So many bytes, as they are kept, are enough for one write.
ENOUGH = 32_000_000


def tail(
    connection: Connection,
    vector: Mapping[str, int],
    inventory: Inventory,
    told: Mapping[str, int] | None = None,
) -> tuple[dict[str, bytes], dict[str, int]]:
    """Files that a place lacks, in the order in which they have to be written.

    Args:
        vector: How far each writer has come.
        inventory: What the place holds.
        told: What segments have told already of how much is there; the next tells the rest of it.

    Returns:
        The files by name, and up to which number each writer's events are there when they are.
    """
    reach = dict(inventory.reach)
    by_table: dict[str, dict[str, bytes]] = {table: {} for table in TABLES}
    there, size = inventory.names, 0
    known = {writer: number for writer, number in reach.items() if number > (told or {}).get(writer, 0)}
    for writer, number in sorted(vector.items()):
        while reach.get(writer, 0) < number and size < ENOUGH:
            after = reach.get(writer, 0)
            through = min(number, after + MOST_EVENTS)
            beside = []
            for table, rows in groupby(
                transfers.changed(connection, writer, after, through), key=itemgetter(0)
            ):
                segment = Segment(table, writer, after + 1, through)
                head = Head(segment.name)
                if table == EVENTS:
                    head, known = Head(segment.name, beside, known), {}
                beside.append(table)
                # Half of an earlier attempt may be there: what it said of these rows still stands, since a
                # row that changed later carries a later number.
                if segment.name in there:
                    continue
                packer = Packer(head)
                for _, row in rows:
                    packer.add(row)
                by_table[table][segment.name] = packer.packed()
                size += len(by_table[table][segment.name])
            reach[writer] = through
    return {name: content for table in TABLES for name, content in by_table[table].items()}, reach
