"""The last views: kept beside the backup, so that watchers see the sprint while it is being brought back."""

import logging
from collections.abc import Mapping

import orjson
import zstandard

from components.backup.inventory import VIEWS, Inventory
from components.backup.place import Place
from components.errors import PlaceUnreachable, SprintError

log = logging.getLogger(__name__)


def file_of(views: Mapping[str, bytes], moment: int, writer: str) -> tuple[str, bytes]:
    """Name and content of a file of views, each the bytes of a JSON document."""
    documents = {name: orjson.Fragment(document) for name, document in views.items()}
    content = zstandard.ZstdCompressor().compress(orjson.dumps(documents))
    return f"{VIEWS}/{moment:015d}-{writer}.json.zst", content


def last_views(place: Place, inventory: Inventory) -> dict[str, object]:
    """The documents that were kept last, by name; none if there are none, or not to be read."""
    for name in reversed(inventory.views):
        try:
            return dict(orjson.loads(zstandard.ZstdDecompressor().decompress(place.read(name))))
        except PlaceUnreachable:
            raise
        except (SprintError, zstandard.ZstdError, ValueError, TypeError) as error:
            log.warning("The views in %s cannot be shown: %s", name, error)
    return {}


def confirmed_by(documents: Mapping[str, object]) -> Mapping[str, int]:
    """Up to which number the place had confirmed each writer's events when these views were kept."""
    return documents.get("durable", {}).get("writers", {})
