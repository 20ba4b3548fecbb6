"""A folder as the place of a backup: a second disk, or a share mounted from another machine."""

import errno
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from components.errors import PlaceRefused, PlaceUnreachable

# What a person has to change; all else, such as a share that does not answer, may pass by itself.
REFUSALS = {
    errno.EACCES: "let this process read and write it",
    errno.EPERM: "let this process read and write it",
    errno.EROFS: "it is read-only; mount it for writing",
    errno.ENOSPC: "it is full; make room there",
    errno.EDQUOT: "it is full; make room there",
    errno.ENOTDIR: "it is no folder; set BACKUP_TO to one",
}
# What a file system says that knows no second name for a file.
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class Folder:
    """Files in a folder that somebody made; what begins with a dot is not finished, and is not looked at."""

    every_s = 2.0
    look_s = 0.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.title = f"the folder {folder}"

    def names(self, prefix: str = "") -> list[str]:
        """Every file whose name begins so."""
        with self._as_sentence():
            self._is_there()
            return sorted(name for name in self._walk(self.folder) if name.startswith(prefix))

    def read(self, name: str) -> bytes:
        """What a file holds."""
        with self._as_sentence():
            return (self.folder / name).read_bytes()

    def write(self, files: Mapping[str, bytes]) -> None:
        """Keep new files, one after the other; each is on the disk under its name, or is not there at all."""
        with self._as_sentence():
            self._is_there()
            for name, content in files.items():
                self._write(self.folder / name, content)

    def remove(self, names: Collection[str]) -> None:
        """Remove files."""
        with self._as_sentence():
            self._is_there()
            for name in names:
                (self.folder / name).unlink(missing_ok=True)

    def _is_there(self) -> None:
        # Never made here: where a disk is not mounted, this would be a folder on another one.
        if not self.folder.exists():
            raise PlaceRefused(
                f"There is no folder {self.folder}: mount its disk, or make it (mkdir -p {self.folder})."
            )

    def _walk(self, folder: Path) -> Iterator[str]:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    yield from self._walk(Path(entry.path))
                else:
                    yield Path(entry.path).relative_to(self.folder).as_posix()

    def _write(self, path: Path, content: bytes) -> None:
        if path.exists():
            self._must_equal(path, content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part") as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            try:
                os.link(unfinished.name, path)
            except FileExistsError:
                self._must_equal(path, content)
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                Path(unfinished.name).rename(path)
                with suppress(FileNotFoundError):
                    unfinished.close()
        for made in (path.parent, *path.parent.parents):
            _sync(made)
            if made == self.folder:
                break

    def _must_equal(self, path: Path, content: bytes) -> None:
        if path.read_bytes() != content:
            raise PlaceUnreachable(f"{path} is there already, with another content; it stays as it is.")

    @contextmanager
    def _as_sentence(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            what = f"{self.title[0].upper()}{self.title[1:]} cannot be used ({error.strerror})"
            if error.errno in REFUSALS:
                raise PlaceRefused(f"{what}: {REFUSALS[error.errno]}.") from error
            raise PlaceUnreachable(f"{what}.") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
