"""Compaction: one base in place of many segments, and only when it has been read back may they go.

Nothing here needs to happen whole: a base counts from the moment its manifest is there, which comes
last, and what is removed afterwards is in it. So it can end at any point, and two processes can do it
at once.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from components.backup.inventory import BASES, Base, Inventory, covers, inventory_of
from components.backup.place import Place
from components.backup.reading import files_of_base, read
from components.backup.segments import Packer
from components.errors import DamagedBackup
from components.store import tallies, transfers
from components.store.store import Store

# A part has about so many bytes before it is compressed.
PART = 32_000_000
# A base without a manifest is being made, or was given up; after a day it was given up.
GIVEN_UP_AFTER_MS = 86_400_000


def compact(
    store: Store, place: Place, absorbed: Mapping[str, int], meanwhile: Callable[[], None] = lambda: None
) -> Base:
    """Write a base of the store as it stands, see that it can be read, and remove what it makes needless.

    Args:
        absorbed: Up to which number the store holds events of other sprints' writers under its own.
        meanwhile: Called before each file; whatever it raises ends the compaction.

    Raises:
        DamagedBackup: The base cannot be read back as it was written; nothing was removed.
    """
    made_at = store.clock()
    base_id = f"{made_at:015d}-{uuid.uuid4()}"
    # Cut first, so that no transaction stays open while files are on their way.
    with tempfile.TemporaryDirectory(prefix="base-") as folder:
        with store.reading() as connection:
            vector = tallies.vector(connection)
            rows = transfers.everything(connection)
            parts = list(_parts(base_id, rows, Path(folder)))
        for name in (part["name"] for part in parts):
            meanwhile()
            place.write({name: (Path(folder) / Path(name).name).read_bytes()})
    beyond = {writer: number for writer, number in absorbed.items() if number > vector.get(writer, 0)}
    base = Base(base_id, made_at, vector, beyond, tuple(parts))
    _verify(place, base, meanwhile)
    place.write({base.manifest: base.document()})
    clear(place, made_at)
    return base


def clear(place: Place, now: int) -> list[str]:
    """Remove what the bases of a place make needless; returns the names."""
    found = inventory_of(place)
    needless = [*_covered_segments(found), *_older_bases(found), *_given_up(found, now)]
    if needless:
        place.remove(needless)
    return needless


def _parts(base_id: str, rows: Iterator[tuple[str, dict]], folder: Path) -> Iterator[dict[str, object]]:
    """Cut rows into files of a folder; yields what the manifest says of each."""
    for table, of_table in groupby(rows, key=itemgetter(0)):
        packer, part = Packer(), 1
        for _, row in of_table:
            packer.add(row)
            if packer.size >= PART:
                yield _kept(packer, f"{BASES}/{base_id}/{table}-{part:04d}.jsonl.zst", folder)
                packer, part = Packer(), part + 1
        if packer.rows:
            yield _kept(packer, f"{BASES}/{base_id}/{table}-{part:04d}.jsonl.zst", folder)


def _kept(packer: Packer, name: str, folder: Path) -> dict[str, object]:
    content = packer.packed()
    (folder / Path(name).name).write_bytes(content)
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "rows": packer.rows}


def _verify(place: Place, base: Base, meanwhile: Callable[[], None]) -> None:
    for file, rows in read(place, files_of_base(base)):
        meanwhile()
        found = sum(1 for _ in rows)
        if found != file.rows:
            raise DamagedBackup(f"{file.name} was written with {file.rows} rows and has {found}.")


def _covered_segments(found: Inventory) -> Iterator[str]:
    for segment in found.segments:
        if any(base.reach.get(segment.writer, 0) >= segment.last for base in found.bases):
            yield segment.name


def _older_bases(found: Inventory) -> Iterator[str]:
    for base in found.bases:
        if any(_replaces(other, base) for other in found.bases):
            yield base.manifest
            yield from (file["name"] for file in base.files)


def _replaces(one: Base, other: Base) -> bool:
    # Of two that hold the same the later one stays, whoever asks: never may each make the other needless.
    later = one.base_id > other.base_id or not covers(other.reach, one.reach)
    return covers(one.reach, other.reach) and later


def _given_up(found: Inventory, now: int) -> Iterator[str]:
    for base_id, names in found.unfinished.items():
        began = base_id.partition("-")[0]
        if began.isdigit() and int(began) < now - GIVEN_UP_AFTER_MS:
            yield from names
