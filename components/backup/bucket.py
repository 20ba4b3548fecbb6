"""A bucket of the Hub as the place of a backup: written every few seconds."""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from urllib.parse import quote

from huggingface_hub import BucketFile

from components.backup.hub import FAILURES, HubPlace, answer_was_lost
from components.errors import PlaceUnreachable


class Bucket(HubPlace):
    """Files in a private bucket.

    A bucket replaces files without asking, so each write first looks whether its names are free. Two who write
    one name at the very same moment would not notice; names carry their writer, so nobody does. With three
    requests for each table that has something new, this stays below 1,000 requests in five minutes.
    """

    sort = "bucket"
    every_s = 5.0
    look_s = 60.0

    def names(self, prefix: str = "") -> list[str]:
        """Every file whose name begins so."""
        with self._as_sentence():
            self._open()
            # Listed whole, and chosen from here: no answer about a part can then be taken for "nothing".
            found = self._api.list_bucket_tree(self.name, recursive=True)
            paths = (entry.path for entry in found if isinstance(entry, BucketFile))
            return sorted(path for path in paths if path.startswith(prefix))

    def read(self, name: str) -> bytes:
        """What a file holds."""
        with self._as_sentence():
            self._open()
            return self._content(name)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Keep new files, in the order given as far as anybody can tell."""
        with self._as_sentence():
            self._open()
            for batch in _batches(self._missing(files)):
                self._add(batch)

    def remove(self, names: Collection[str]) -> None:
        """Remove files."""
        with self._as_sentence():
            self._open()
            there = [file.path for file in self._described(names)]
            try:
                self._api.batch_bucket_files(self.name, delete=there)
            except FAILURES:
                if self._described(there):
                    raise

    def _is_private(self) -> bool:
        return self._api.bucket_info(self.name).private

    def _create(self) -> None:
        self._api.create_bucket(self.name, private=True)

    def _add(self, batch: dict[str, bytes]) -> None:
        try:
            with self._uploading(f"/api/buckets/{self.name}/xet-write-token"):
                self._api.batch_bucket_files(
                    self.name, add=[(content, name) for name, content in batch.items()]
                )
        except FAILURES as error:
            if not answer_was_lost(error) or self._missing(batch):
                raise

    def _missing(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Those of the files that are not there yet.

        Raises:
            PlaceUnreachable: One is there with another content.
        """
        there = {file.path: file for file in self._described(files)}
        for name, file in there.items():
            if file.size != len(files[name]) or self._content(name) != files[name]:
                raise PlaceUnreachable(
                    f"{self._title()} already has {name}, with another content; it stays as it is."
                )
        return {name: content for name, content in files.items() if name not in there}

    def _described(self, names: Collection[str]) -> list[BucketFile]:
        return list(self._api.get_bucket_paths_info(self.name, names)) if names else []

    def _content(self, name: str) -> bytes:
        return self._fetch(f"/buckets/{self.name}/resolve/{quote(name)}")


def _batches(files: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Cut files where their order matters: before another table, and before the last of all.

    The Hub applies one batch in no promised order, and may apply a part of it.
    """
    last = next(reversed(files), None)
    for _, names in groupby(files, key=lambda name: (name.split("/")[0], name == last)):
        yield {name: files[name] for name in names}
